import type {
  Attribute,
  Backfill,
  MatchmakerMode,
  MatchmakerOptions,
  Ticket,
  TicketPlayer,
  Want,
} from '../../../src/matchmaker/api.ts'
import type { Chance } from '../../simulation/chance.ts'
import { ELSEWHERE } from './modes.ts'

const RATINGS: ((chance: Chance) => number)[] = [
  (chance) => chance.between(1, 50),
  (chance) => chance.between(10, 400) / 8,
  (chance) => chance.between(0, 5_000),
  (chance) => chance.between(-1_000, 1_000),
  (chance) => chance.pick([1_400, 1_500, 1_500, 1_600, 4_900]),
  () => 1_500,
]
const PARTIES: readonly (readonly number[])[] = [
  [1],
  [1, 1, 1, 2, 3, 4, 5],
  [3],
  [4, 1],
  [4, 4, 2],
  [3, 3, 3, 1],
  [2, 5],
  [1, 1, 2, 6, 12, 30],
  [10, 25, 50, 100],
]
const ROLES = ['tank', 'heal', 'damage', 'bard'] as const

/** What the people of a world are like: which of all that can be said of a ticket is said here, and how it is spread. */
export function createPopulation(chance: Chance, { modes, regions = [] }: MatchmakerOptions) {
  const playable = modes.filter(({ id }) => id !== ELSEWHERE.id)
  const rating = chance.pick(RATINGS)
  const parties = chance.pick(PARTIES)
  const share = () => (chance.is(0.4) ? chance.pick([0.1, 0.5, 1]) : 0)
  const has = { wants: share(), block: share() / 3, credit: share(), sigma: share(), several: share() / 2 }
  const latencyShare = chance.pick([0, 0.7, 1, 1])
  const latencySpread = chance.pick([60, 120, 300])
  let ids = 0

  const sigma = () => chance.pick([0, 0.5, 2, 8, 350])
  const roles = () => chance.shuffled(ROLES).slice(0, chance.between(1, 3))
  function player(id: string, isPicky: boolean): TicketPlayer {
    return {
      id,
      mu: rating(chance),
      ...(chance.is(has.sigma) && { sigma: sigma() }),
      ...(isPicky && chance.is(0.3) && { roles: roles() }),
    }
  }
  function latencies(): Record<string, number> {
    const reached = regions.filter(() => chance.is(0.9))
    const some = reached.length > 0 ? reached : regions
    return Object.fromEntries(some.map((region) => [region, chance.between(5, latencySpread)]))
  }
  const attributes = (): Record<string, Attribute> => ({
    platform: chance.pick(['pc', 'console']),
    level: chance.between(1, 9),
    ...(chance.is(0.8) && { crossplay: chance.is(0.7) }),
  })
  const wants = (): Record<string, Want> => ({
    ...(chance.is(0.3) && { platform: chance.pick<Want>(['pc', ['pc', 'console'], ['console']]) }),
    ...(chance.is(0.3) && { level: chance.pick<Want>([{ min: 4 }, { max: 6 }, { min: 3, max: 8 }, [1, 2, 3, 4, 5]]) }),
    ...(chance.is(0.1) && { crossplay: true }),
    ...(chance.is(0.05) && { constructor: 'x' }),
  })
  /** Most blocks name someone who came shortly before or will come soon. */
  const block = () =>
    Array.from({ length: chance.between(1, 3) }, () => `p${Math.max(0, ids + chance.between(-12, 3))}`)

  const isPicky = (modes: readonly MatchmakerMode[]) => modes.some((mode) => mode.roles) && chance.is(0.7)
  function traits() {
    return {
      ...(regions.length > 0 && chance.is(latencyShare) && { latencies: latencies() }),
      ...(has.wants > 0 && { attributes: attributes() }),
      ...(chance.is(has.wants) && { wants: wants() }),
      ...(chance.is(has.block) && { block: block() }),
    }
  }

  function ticket(id: string): Ticket {
    const asked = chance.is(has.several) ? chance.shuffled(playable).slice(0, 2) : [chance.pick(playable)]
    const most = Math.min(...asked.map(({ teamSize }) => teamSize))
    const size = Math.min(most, chance.pick(parties))
    const picky = isPicky(asked)
    return {
      id,
      mode: asked.length === 1 && chance.is(0.9) ? (asked[0]?.id ?? '') : asked.map((mode) => mode.id),
      players: Array.from({ length: size }, () => player(`p${ids++}`, picky)),
      ...traits(),
      ...(picky && chance.is(0.7) && { roles: roles() }),
      ...(chance.is(has.credit) && { creditMs: chance.pick([0, 500, 10_000, 3_600_000]) }),
    }
  }

  /** A match of which some have left. */
  function backfill(id: string): Backfill {
    const mode = chance.pick(playable)
    const teams = Array.from({ length: mode.teams }, () =>
      Array.from({ length: chance.between(0, mode.teamSize) }, () => player(`p${ids++}`, false)),
    )
    const isFull = teams.every(({ length }) => length === mode.teamSize)
    return {
      id,
      mode: mode.id,
      teams: isFull ? teams.with(0, []) : teams,
      ...(regions.length > 0 && chance.is(0.7) && { region: chance.pick(regions) }),
      ...(has.wants > 0 && { attributes: attributes() }),
      ...(chance.is(has.wants) && { wants: wants() }),
      ...(chance.is(has.block) && { block: block() }),
      ...(chance.is(has.credit) && { creditMs: chance.pick([0, 10_000]) }),
    }
  }
  return { ticket, backfill, traits, rating: () => rating(chance), mode: () => chance.pick(playable).id }
}
export type Population = ReturnType<typeof createPopulation>
