import { type Ticket, TicketError, type TicketFault, type TicketPatch } from '../../../../src/lobby/matchmaker/face.ts'
import { hold } from './broken.ts'
import { faultsOf } from './faults.ts'
import type { Operation } from './operations.ts'
import type { World } from './play.ts'

/** The one that a number between 0 and 1 points at. */
export const nth = <T>(from: readonly T[], pick: number): T | undefined => from[Math.floor(pick * from.length)]

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
      return says(ask('removeBackfill', id), ledger.close(id), `removeBackfill ${id}`)
    }
    case 'wait':
      return world.wait(operation.ms)
    case 'tick':
      return void world.tick(operation.options)
    case 'next':
      world.wait(Math.max(0, (ask('nextAt') ?? now()) - now()))
      return void world.tick()
    case 'confirm': {
      const id = nth([...ledger.offers.keys()], operation.pick) ?? 'nothing'
      return says(ask('confirm', id), ledger.confirm(id), `confirm ${id}`)
    }
    case 'reject':
      return reject(operation, world)
    case 'late':
      return late(operation, world)
    case 'restart':
      return machine.restart()
  }
}

const says = (answer: boolean, expected: boolean, asked: string): void =>
  hold(answer === expected, 'what is said to have happened did', () => `${asked}: ${answer}`)

function someTicket({ among, pick }: { among: 'queued' | 'held' | 'gone'; pick: number }, { ledger }: World): string {
  if (among === 'gone') return nth(ledger.gone, pick)?.id ?? 'nobody'
  const those = [...ledger.entries.values()].filter(({ heldBy }) => (heldBy !== null) === (among === 'held'))
  return nth(those, pick)?.ticket.id ?? 'nobody'
}

function add(ticket: Ticket, { ledger, machine, now }: World): void {
  const faults = faultsOf(ticket, ledger)
  const isTaken = isTakenUnless(faults, machine, () => machine.ask('add', ticket, now()))
  if (isTaken) ledger.add(ticket, now())
}

/** Whether it was taken; when it was not, it was for one of these faults and nothing has changed. */
function isTakenUnless(faults: TicketFault[], { ask }: World['machine'], attempt: () => void): boolean {
  const before = faults.length > 0 ? JSON.stringify(ask('snapshot')) : ''
  try {
    attempt()
    hold(faults.length === 0, 'what cannot be is not taken', () => faults.join())
    return true
  } catch (thrown) {
    if (!(thrown instanceof TicketError)) throw thrown
    const { fault, message } = thrown
    hold(faults.includes(fault), 'a refusal has a reason', () => `${fault} (${message}) instead of ${faults}`)
    const after = JSON.stringify(ask('snapshot'))
    hold(after === before, 'a refusal changes nothing', () => `${before}\n${after}`)
    return false
  }
}

function update(id: string, drawn: TicketPatch, { ledger, machine, now }: World): void {
  const entry = ledger.entries.get(id)
  const before = entry?.ticket
  const mu = drawn.players?.[0]?.mu
  const players = before?.players.map((one, n) => ({ ...one, mu: (mu ?? 0) + n }))
  const patch = mu !== undefined && players ? { ...drawn, players } : drawn
  const isQueued = entry?.heldBy === null
  const faults = isQueued ? faultsOf({ ...entry.ticket, ...patch }, ledger, entry.ticket) : []
  isTakenUnless(faults, machine, () => {
    const answer = machine.ask('update', id, patch, now())
    if (faults.length > 0) return
    says(answer, isQueued, `update ${id}`)
    if (isQueued) ledger.update(entry, patch)
  })
}

/** A friend joins a party that waits; now and then one who is already somewhere. */
function grow({ pick, mu }: { pick: number; mu: number }, world: World): void {
  const entry = nth(world.ledger.queued(), pick)
  if (!entry) return
  const isElsewhere = pick > 0.9
  const id = isElsewhere ? (nth([...world.ledger.players.keys()], pick) ?? 'friend') : `friend of ${entry.ticket.id}`
  const patch = { players: [...entry.ticket.players, { id, mu }] }
  const faults = faultsOf({ ...entry.ticket, ...patch }, world.ledger, entry.ticket)
  isTakenUnless(faults, world.machine, () => {
    const answer = world.machine.ask('update', entry.ticket.id, patch, world.now())
    if (faults.length > 0) return
    says(answer, true, `update ${entry.ticket.id}`)
    world.ledger.update(entry, patch)
  })
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
