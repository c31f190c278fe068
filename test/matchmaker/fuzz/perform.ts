import { add, grow, update } from './entering.ts'
import type { Operation } from './operations.ts'
import type { World } from './play.ts'
import { nth, says } from './told.ts'

/** Does one thing to the matchmaker, and to the ledger what has to come of it. */
export function perform(operation: Operation, world: World): void {
  const { ledger, machine, now } = world
  const { ask } = machine
  switch (operation.do) {
    case 'add':
      return add(frozen(operation.ticket), world)
    case 'again': {
      const former = nth(ledger.gone, operation.pick)
      return former && add({ ...former, id: operation.id ?? former.id }, world)
    }
    case 'remove': {
      const id = someTicket(operation, world)
      return says(ask('remove', id, now()), ledger.remove(id), `remove ${id}`)
    }
    case 'update':
      return update(someTicket(operation, world), operation.patch, world)
    case 'grow':
      return grow(operation, world)
    case 'backfill':
      ask('addBackfill', frozen(operation.request), now())
      return ledger.open(operation.request)
    case 'unfill': {
      const id = nth([...ledger.openings.keys()], operation.pick) ?? 'nothing'
      return says(ask('removeBackfill', id, now()), ledger.close(id), `removeBackfill ${id}`)
    }
    case 'wait':
      return world.wait(operation.ms)
    case 'tick':
      return void world.tick(operation.options)
    case 'next':
      // A timer counts whole milliseconds.
      world.wait(Math.max(0, Math.ceil(ask('nextAt') ?? now()) - now()))
      return void world.tick()
    case 'confirm': {
      const id = nth([...ledger.offers.keys()], operation.pick) ?? 'nothing'
      return says(ask('confirm', id), ledger.confirm(id), `confirm ${id}`)
    }
    case 'reject':
      return reject(operation, world)
    case 'late':
      return late(operation, world)
  }
}

function someTicket({ among, pick }: { among: 'queued' | 'held' | 'gone'; pick: number }, { ledger }: World): string {
  if (among === 'gone') return nth(ledger.gone, pick)?.id ?? 'nobody'
  const those = [...ledger.entries.values()].filter(({ heldBy }) => (heldBy !== null) === (among === 'held'))
  return nth(those, pick)?.ticket.id ?? 'nobody'
}

type Rejection = Extract<Operation, { do: 'reject' }>
function reject({ pick, who, again }: Rejection, { ledger, machine, now, tick }: World): void {
  const offer = nth([...ledger.offers.values()], pick)
  const id = offer?.proposal.id ?? 'nothing'
  const decliners = (offer?.ids ?? []).filter((_, n) => (who >> (n % 8)) & 1)
  const refusal = { who: [...decliners, 'nobody'], now: now() }
  says(machine.ask('reject', id, refusal), ledger.reject(id, decliners, now()), `reject ${id}`)
  if (again) tick()
}

/** An answer that comes when the proposal is no more. */
function late({ pick, what }: Extract<Operation, { do: 'late' }>, { ledger, machine, now }: World): void {
  const id = nth([...ledger.closed], pick) ?? 'nothing'
  const answer = what === 'confirm' ? machine.ask('confirm', id) : machine.ask('reject', id, { who: [], now: now() })
  says(answer, false, `${what} ${id}`)
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    for (const one of Object.values(Object.freeze(value))) frozen(one)
  return value
}
