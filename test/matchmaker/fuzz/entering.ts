import { type Ticket, TicketError, type TicketFault, type TicketPatch } from '../../../src/matchmaker/api.ts'
import { hold } from './broken.ts'
import { faultsOf } from './faults.ts'
import type { World } from './play.ts'
import { nth, says } from './told.ts'

export function add(ticket: Ticket, world: World): void {
  const { ledger, machine, now } = world
  const faults = faultsOf(ticket, ledger)
  const isTaken = isTakenUnless(faults, world, () => machine.ask('add', ticket, now()))
  if (isTaken) ledger.add(ticket, now())
}

/** Whether it was taken; when it was not, it was for one of these faults and nothing has changed. */
function isTakenUnless(faults: TicketFault[], world: World, attempt: () => void): boolean {
  const [{ ask }, now] = [world.machine, world.now()]
  // Time passes also when nothing else happens.
  if (faults.length > 0) ask('remove', 'nobody', now)
  const before = faults.length > 0 ? stateOf(world) : ''
  try {
    attempt()
    hold(faults.length === 0, 'what cannot be is not taken', () => faults.join())
    return true
  } catch (thrown) {
    if (!(thrown instanceof TicketError)) throw thrown
    const { fault, message } = thrown
    hold(faults.includes(fault), 'a refusal has a reason', () => `${fault} (${message}) instead of ${faults}`)
    const after = stateOf(world)
    hold(after === before, 'a refusal changes nothing', () => `${before}\n${after}`)
    return false
  }
}

/** All that can be asked: the counts, when something is due, and how those are who came last. */
function stateOf({ ledger, machine: { ask }, now }: World): string {
  const some = [...ledger.entries.keys()].slice(-5)
  return JSON.stringify([
    ask('stats'),
    ask('nextAt'),
    some.map((id) => [ask('explain', id, now()), ask('estimate', id, now())]),
  ])
}

export function update(id: string, drawn: TicketPatch, world: World): void {
  const { ledger, machine, now } = world
  const entry = ledger.entries.get(id)
  const before = entry?.ticket
  const mu = drawn.players?.[0]?.mu
  const players = before?.players.map((one, n) => ({ ...one, mu: (mu ?? 0) + n }))
  const patch = mu !== undefined && players ? { ...drawn, players } : drawn
  const isQueued = entry?.heldBy === null
  const faults = isQueued ? faultsOf({ ...entry.ticket, ...patch }, ledger, entry.ticket) : []
  isTakenUnless(faults, world, () => {
    const answer = machine.ask('update', id, patch, now())
    if (faults.length > 0) return
    says(answer, isQueued, `update ${id}`)
    if (isQueued) ledger.update(entry, patch)
  })
}

/** A friend joins a party that waits; now and then one who is already somewhere. */
export function grow({ pick, mu }: { pick: number; mu: number }, world: World): void {
  const entry = nth(world.ledger.queued(), pick)
  if (!entry) return
  const isElsewhere = pick > 0.9
  const id = isElsewhere ? (nth([...world.ledger.players.keys()], pick) ?? 'friend') : `friend of ${entry.ticket.id}`
  const patch = { players: [...entry.ticket.players, { id, mu }] }
  const faults = faultsOf({ ...entry.ticket, ...patch }, world.ledger, entry.ticket)
  isTakenUnless(faults, world, () => {
    const answer = world.machine.ask('update', entry.ticket.id, patch, world.now())
    if (faults.length > 0) return
    says(answer, true, `update ${entry.ticket.id}`)
    world.ledger.update(entry, patch)
  })
}
