import type { Ticket } from '../../../src/matchmaker/api.ts'
import type { Chance } from '../../simulation/chance.ts'

/** A ticket that cannot be taken, for one reason. */
export function spoiled(ticket: Ticket, chance: Chance): Ticket {
  const [first = { id: 'nobody', mu: 0 }, ...others] = ticket.players
  const rated = (mu: number, sigma = 1): Ticket => ({ ...ticket, players: [{ ...first, mu, sigma }, ...others] })
  return chance.pick<() => Ticket>([
    () => rated(Number.NaN),
    () => rated(Number.POSITIVE_INFINITY),
    () => rated(Number.NEGATIVE_INFINITY),
    () => rated(1e300),
    () => rated(1, Number.NaN),
    () => rated(1, -1),
    () => ({ ...ticket, mode: 'chess' }),
    () => ({ ...ticket, mode: [] }),
    () => ({ ...ticket, mode: [ticket.mode, 'chess'].flat() }),
    () => ({ ...ticket, players: [] }),
    () => ({ ...ticket, players: [first, first] }),
    () => ({ ...ticket, players: Array.from({ length: 201 }, (_, n) => ({ id: `${first.id}-${n}`, mu: 1 })) }),
    () => ({ ...ticket, creditMs: chance.pick([Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300]) }),
    () =>
      ticket.latencies
        ? { ...ticket, latencies: { eu: chance.pick([Number.NaN, -1, Number.POSITIVE_INFINITY]) } }
        : rated(Number.NaN),
  ])()
}
