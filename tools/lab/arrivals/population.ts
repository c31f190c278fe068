import type { Ticket, TicketPlayer } from '../../../src/matchmaker/api.ts'
import { instants, type Rate } from './arrivals.ts'
import { type Chance, chanceOf } from './chance.ts'
import { latenciesOf } from './regions.ts'

export interface Population {
  seed: number
  mode: string
  teamSize: number
  rate: Rate
  seconds: number
  /** The share of each party size; sizes that do not fit into a team are left out. */
  parties: readonly { size: number; share: number }[]
  /** The mean of all ratings, how far they spread, and how far a party's members are from its own middle. */
  mean: number
  spread: number
  partySpread: number
  /** The uncertainty of ratings: of players who have played, and of the share who have not. */
  sigma: number
  newcomers: { share: number; sigma: number }
  hasRegions: boolean
  /** For how long people wait before they give up, in the mean, or null: for ever. */
  patienceSeconds: number | null
  /** How often a ticket turns a match down, and is gone. */
  declineShare: number
}

export const usual: Omit<Population, 'seed' | 'mode' | 'teamSize' | 'rate' | 'seconds'> = {
  parties: [
    { size: 1, share: 60 },
    { size: 2, share: 20 },
    { size: 3, share: 10 },
    { size: 5, share: 10 },
  ],
  mean: 1_500,
  spread: 350,
  partySpread: 80,
  sigma: 60,
  newcomers: { share: 0.05, sigma: 200 },
  hasRegions: true,
  patienceSeconds: null,
  declineShare: 0,
}

export interface Arrival {
  readonly at: number
  readonly ticket: Ticket
  /** Gives up when it has waited for so long. */
  readonly patienceMs: number
  /** Turns down the match that is found, and is gone. */
  readonly declines: boolean
}

/** The tickets of a population, by their instants; the same seed gives the same ones. */
export function* arrivalsOf(population: Population): Generator<Arrival> {
  const { seed, rate, seconds, patienceSeconds, declineShare } = population
  const [times, people, whims] = ['times', 'people', 'whims'].map((name) => chanceOf(seed, name)) as Draws
  let n = 0
  for (const at of instants(rate, seconds, times)) {
    const patienceMs = patienceSeconds === null ? Infinity : Math.ceil(whims.exponential(patienceSeconds * 1_000))
    yield { at, ticket: ticketOf(idOf(n++), population, people), patienceMs, declines: whims.is(declineShare) }
  }
}
// In the order of their arrival as text, too.
const idOf = (n: number): string => `t${String(n).padStart(7, '0')}`
type Draws = [times: Chance, people: Chance, whims: Chance]

function ticketOf(id: string, population: Population, chance: Chance): Ticket {
  const { mode, parties, teamSize, hasRegions } = population
  const { size } = chance.pick(parties.filter((party) => party.size <= teamSize))
  const middle = ratingOf(population, chance)
  const players = Array.from({ length: size }, (_, n) => playerOf(`${id}.${n}`, middle, size, population, chance))
  return { id, mode, players, ...(hasRegions ? { latencies: latenciesOf(chance) } : {}) }
}

function playerOf(id: string, middle: number, size: number, population: Population, chance: Chance): TicketPlayer {
  const { newcomers, partySpread } = population
  const mu = size === 1 ? middle : middle + chance.normal() * partySpread
  return { id, mu, sigma: chance.is(newcomers.share) ? newcomers.sigma : population.sigma }
}

/** Log-normal: few are far better than most. Its logarithm has the variance ln(1 + (spread / mean)²). */
function ratingOf({ mean, spread }: Population, chance: Chance): number {
  const variance = Math.log(1 + (spread / mean) ** 2)
  return mean * Math.exp(chance.normal() * Math.sqrt(variance) - variance / 2)
}
