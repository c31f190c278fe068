import type { Proposal, TickOptions } from '../../../src/matchmaker/api.ts'
import { Broken, hold } from './broken.ts'
import { checkLiveness } from './check-liveness.ts'
import { checkOrder } from './check-order.ts'
import { checkProposal } from './check-proposal.ts'
import { checkAge, checkCounts, checkNextAt } from './check-state.ts'
import { createLedger } from './ledger.ts'
import { type Hear, openMachine } from './machine.ts'
import { perform } from './perform.ts'
import type { Scenario } from './scenario.ts'
import type { Make } from './shadow.ts'
import { nth } from './told.ts'

export interface Outcome {
  seed: number
  operations: number
  proposals: number
  broken: { promise: string; seen: string; after: number } | null
}
// A ticket may be looked at again now and then, not for ever.
const MOST_TICKS_PER_TICKET = 60
const LONGEST_REST_MS = 3 * 3_600_000

/** Does everything a scenario says, and looks at every answer. Ends at the first promise that is broken. */
export function play(scenario: Scenario, make: Make, hear?: Hear): Outcome {
  const world = openWorld(scenario, make, hear)
  let operations = 0
  try {
    for (const operation of scenario.operations) {
      operations += 1
      perform(operation, world)
      world.look()
    }
    world.rest()
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown
    const { promise, seen } = thrown
    return {
      seed: scenario.seed,
      operations,
      proposals: world.proposals(),
      broken: { promise, seen, after: operations },
    }
  }
  return { seed: scenario.seed, operations, proposals: world.proposals(), broken: null }
}

function openWorld(scenario: Scenario, make: Make, hear?: Hear) {
  const ledger = createLedger(scenario.options)
  const machine = openMachine(scenario, make, hear)
  const { ask } = machine
  let now = scenario.startsAt
  let proposals = 0
  let looks = 0

  function tick(options: TickOptions = {}): Proposal[] {
    const due = ask('nextAt')
    const born = new Map([...ledger.entries].map(([id, { bornAt }]) => [id, bornAt]))
    const found = ask('tick', now, options)
    proposals += found.length
    hold(found.length <= (options.maxMatches ?? Infinity), 'maxMatches is kept', () => `${found.length}`)
    for (const proposal of found) {
      checkProposal(proposal, ledger, now)
      ledger.offered(proposal)
    }
    checkDue(due, found)
    if (found.length > 0) checkOrder(found, born, ledger, now)
    if (options.maxWork === undefined && options.maxMatches === undefined) checkDone()
    return found
  }
  function checkDue(due: number | null, found: readonly Proposal[]): void {
    if (due !== null && due <= now) return
    hold(found.length === 0, 'nothing happens before nextAt', () => `${due} at ${now}`)
    hold(ask('nextAt') === due, 'a tick with nothing due changes nothing', () => `${due} at ${now}`)
  }
  function checkDone(): void {
    const next = ask('nextAt')
    hold(next === null || next > now, 'a tick does all that is due', () => `${next} at ${now}`)
    checkLiveness(ledger, now)
  }
  function look(): void {
    looks += 1
    checkCounts(machine, ledger)
    checkNextAt(machine)
    const sample = nth([...ledger.entries.values()], (looks * 0.618) % 1)
    if (sample && looks % 3 === 0) checkAge(machine, ledger, sample, now)
  }

  /** Nobody does anything but tick, when it is due. */
  function rest(): void {
    const until = now + LONGEST_REST_MS
    let left = 500 + MOST_TICKS_PER_TICKET * ledger.count.queued
    for (let next = ask('nextAt'); next !== null && next < until; next = ask('nextAt')) {
      now = Math.max(now, Math.ceil(next))
      for (const { id } of tick()) if (ask('confirm', id)) ledger.confirm(id)
      left -= 1
      hold(left > 0, 'the ticks come to an end', () => `at ${now}`)
    }
    now = until
    tick()
    look()
  }
  return {
    ...{ ledger, machine, tick, look, rest },
    now: () => now,
    proposals: () => proposals,
    wait(ms: number) {
      now += ms
    },
  }
}
export type World = ReturnType<typeof openWorld>
