import type { MatchmakerOptions, TicketPlayer } from './api.ts'
import { Density } from './estimates/density.ts'
import { Exclusions } from './exclusions.ts'
import { type ModePlan, planOf } from './mode-plan.ts'
import type { Ground } from './search/finding.ts'
import { Classes } from './tickets/classes.ts'
import { IdIndex } from './tickets/id-index.ts'
import { Lane } from './tickets/lane.ts'
import { Pools } from './tickets/pools.ts'
import { Roster } from './tickets/roster.ts'

/** The state of a matchmaker: the tickets, and what was learned from them. */
export interface MatchmakerWorld extends Ground {
  plans: ReadonlyMap<string, ModePlan>
  regions: readonly string[]
  ticketIndex: IdIndex
  playerIndex: IdIndex
  densities: readonly Density[]
  lane(plan: ModePlan, region: number): Lane
  /** Every lane of a mode that has had a ticket. */
  lanesOf(plan: ModePlan): Lane[]
  /** Counts one member less in the class. */
  leaveClass(id: number): void
}

export function createWorld(options: MatchmakerOptions): MatchmakerWorld {
  const plans = new Map(options.modes.map((mode, index) => [mode.id, planOf(mode, index, options)]))
  if (plans.size !== options.modes.length) throw new RangeError('two modes have the same id')
  const roster = new Roster()
  const classes = new Classes(forget)
  const pools = new Pools()
  const densities = options.modes.map(() => new Density())
  // By mode, and by region plus one.
  const lanes: (Lane | undefined)[][] = options.modes.map(() => [])
  const lanesById: Lane[] = []

  function lane(plan: ModePlan, region: number): Lane {
    const ofMode = lanes[plan.index] as (Lane | undefined)[]
    const known = ofMode[region + 1]
    if (known) return known
    const density = densities[plan.index] as Density
    const opened = new Lane({ id: lanesById.length, plan, region }, { roster, classes, density, pools })
    lanesById.push(opened)
    ofMode[region + 1] = opened
    return opened
  }

  const lanesOf = (plan: ModePlan): Lane[] => (lanes[plan.index] ?? []).filter((one) => one !== undefined)

  function forget(id: number): void {
    for (const plan of plans.values()) for (const one of lanesOf(plan)) one.forget(id)
  }

  return {
    plans,
    regions: options.regions ?? [],
    roster,
    classes,
    pools,
    exclusions: new Exclusions(),
    effort: { spent: 0 },
    ticketIndex: new IdIndex((slot, id) => roster.tickets.get(slot).id === id),
    playerIndex: new IdIndex((slot, id) => isOf(roster.tickets.get(slot).players, id)),
    densities,
    lane,
    lanesOf,
    leaveClass: (id) => classes.leave(id),
    laneOf: (place) => lanesById[pools.get(roster.pools.get(place)).laneId] as Lane,
    classOf: (place) => pools.get(roster.pools.get(place)).classId,
  }
}

// A plain loop, because this runs for every ticket that comes or goes.
function isOf(players: readonly TicketPlayer[], id: string): boolean {
  for (const player of players) if (player.id === id) return true
  return false
}
