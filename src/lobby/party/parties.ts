import type * as z from 'zod'
import type { Clock, Log, NewId } from '../../ports.ts'
import { PARTY_CAPACITY, type partyView } from '../../protocol/events/parties.ts'
import type { PartyId, PlayerId } from '../../protocol/ids.ts'
import { type Accepted, accept, type Refusal, refuse } from '../../protocol/reply.ts'
import { createExpiringMap } from '../../util/expiring-map.ts'
import { createKeyedQueue } from '../../util/keyed-queue.ts'
import type { ServiceTime } from '../../util/outage.ts'
import { createGuessLimit } from '../guess-limit.ts'
import { newCode, typedCode } from '../invite-codes.ts'
import type { People, Player } from '../ports.ts'
import type { RecordStore } from '../record-store.ts'
import { recordWriter } from '../store-writes.ts'
import { isMember, newParty, type Party, type PartyCommand, stepParty } from './party.ts'
import { createPartyRegistry } from './registry.ts'
import { partyFrom } from './stored.ts'

// A reload or a change of network takes seconds; whoever is away longer has walked off.
const GRACE_MS = 30_000
const RETRY_MS = 1_000

export interface PartiesParts {
  records: RecordStore
  people: People
  /** Called after somebody has come to a party or left it, with those who are in it or were. */
  changed: (players: readonly PlayerId[], partyId: PartyId) => void
  clock: Clock
  time: ServiceTime
  newId: NewId
  log: Log
}
type View = z.output<typeof partyView>
type Why = 'left' | 'kicked' | 'away'
type InParty = Accepted<{ party: View }>
export type Parties = ReturnType<typeof createParties>

/** Who plays together. What happens to a party happens one thing after the other, and is stored before it is told. */
export function createParties({ records, people, changed, clock, time, newId, log }: PartiesParts) {
  const registry = createPartyRegistry()
  const writeRecords = recordWriter(records, log)
  const { inTurn, isFull } = createKeyedQueue<PartyId>()
  const guessLimit = createGuessLimit(clock)
  const graces = createExpiringMap<PlayerId, true>(time, (playerId) => void graceOver(playerId))
  let isStopped = false

  async function create(player: Player): Promise<InParty | Refusal> {
    const id = newId() as PartyId
    if (!registry.reserve(player.id, id)) return refuse('ALREADY_IN_PARTY')
    return inTurn(id, () => enter(player, undefined, newParty(id, newCode(newId), memberFrom(player))))
  }

  async function join(player: Player, typed: string, address: string): Promise<InParty | Refusal> {
    if (registry.partyOf(player.id)) return refuse('ALREADY_IN_PARTY')
    const guesser = { playerId: player.id, address }
    const locked = guessLimit.refusalFor(guesser)
    if (locked) return locked
    const code = typedCode(typed)
    const partyId = registry.withCode(code)
    if (!partyId) {
      guessLimit.wasWrong(guesser)
      return refuse('INVITE_INVALID')
    }
    if (isFull(partyId)) return refuse('OVERLOADED')
    return inTurn(partyId, async () => joinInTurn(player, partyId, code))
  }

  async function joinInTurn(player: Player, partyId: PartyId, code: string): Promise<InParty | Refusal> {
    const party = registry.get(partyId)
    const next = party ? stepParty(party, { type: 'join', player: memberFrom(player), code }) : refuse('INVITE_INVALID')
    if ('ok' in next) return next
    return registry.reserve(player.id, partyId) ? enter(player, party, next) : refuse('ALREADY_IN_PARTY')
  }

  /** Stores the party with a new member, whose place is reserved. */
  async function enter(player: Player, before: Party | undefined, after: Party): Promise<InParty | Refusal> {
    if (!(await commit(before, after))) {
      registry.release(player.id)
      return refuse('UNAVAILABLE')
    }
    // They may have gone while it was stored.
    if (!people.isOnline(player.id)) departed(player.id)
    return accept({ party: viewOf(after) })
  }

  /** What a member wants of their party, in its turn. */
  async function ask(playerId: PlayerId, why: Why, decide: () => PartyCommand | null): Promise<Accepted | Refusal> {
    const partyId = registry.partyOf(playerId)?.id
    if (!partyId) return refuse('NOT_IN_PARTY')
    if (isFull(partyId)) return refuse('OVERLOADED')
    return inTurn(partyId, async () => {
      const party = registry.get(partyId)
      const command = decide()
      if (!party) return refuse('NOT_IN_PARTY')
      if (!command) return accept({})
      const next = stepParty(party, command)
      if ('ok' in next) return next
      return (await commit(party, next, why)) ? accept({}) : refuse('UNAVAILABLE')
    })
  }

  const leave = (playerId: PlayerId) => ask(playerId, 'left', () => ({ type: 'leave', playerId }))
  const kick = (by: PlayerId, playerId: PlayerId) =>
    ask(by, 'kicked', () => ({ type: 'kick', by, playerId, newCode: newCode(newId) }))
  const promote = (by: PlayerId, playerId: PlayerId) =>
    awayMember(by, playerId) ?? ask(by, 'left', () => ({ type: 'promote', by, playerId }))

  /** The refusal to make somebody the leader who is not connected, or null. */
  function awayMember(by: PlayerId, playerId: PlayerId): Refusal | null {
    const party = registry.partyOf(by)
    const member = party?.leaderId === by ? party.members.find(({ id }) => id === playerId) : undefined
    if (!member || people.isOnline(playerId)) return null
    return refuse('FORBIDDEN', { says: `${member.name} is not connected right now. Choose somebody who is.` })
  }

  /** Somebody has another name now. */
  async function renamed({ id, name }: Pick<Player, 'id' | 'name'>): Promise<void> {
    const known = () => registry.partyOf(id)?.members.find((member) => member.id === id)?.name ?? name
    if (known() !== name)
      await ask(id, 'left', () => (known() === name ? null : { type: 'rename', playerId: id, name }))
  }

  async function commit(before: Party | undefined, after: Party, why: Why = 'left'): Promise<boolean> {
    const isOver = after.members.length === 0
    if (!(await writeRecords([{ kind: 'party', id: after.id, value: isOver ? null : after }]))) return false
    registry.set(before, after)
    tellMembers(after)
    const left = before?.members.find(({ id }) => !isMember(after, id))
    if (left) {
      graces.delete(left.id)
      people.tell(left.id, 'party:state', { party: null, reason: why })
      people.missed?.(left.id, { what: 'party', id: after.id, reason: why })
    }
    if (before?.members.length !== after.members.length)
      changed([...after.members.map(({ id }) => id), ...(left ? [left.id] : [])], after.id)
    return true
  }

  function tellMembers(party: Party): void {
    const view = viewOf(party)
    for (const { id } of party.members) people.tell(id, 'party:state', { party: view })
  }

  const viewOf = ({ id, code, leaderId, members }: Party): View => ({
    id,
    code,
    leaderId,
    capacity: PARTY_CAPACITY,
    members: members.map((member) => ({
      playerId: member.id,
      name: member.name,
      status: people.isOnline(member.id) ? 'present' : 'away',
    })),
  })

  /** The player's last connection is gone: the place is kept for a while. */
  function departed(playerId: PlayerId): void {
    const party = registry.partyOf(playerId)
    if (!party || isStopped) return
    graces.set(playerId, true, clock.now() + GRACE_MS)
    tellMembers(party)
  }

  function arrived(playerId: PlayerId): void {
    graces.delete(playerId)
    const party = registry.partyOf(playerId)
    if (party) tellMembers(party)
  }

  async function graceOver(playerId: PlayerId): Promise<void> {
    const isBack = () => isStopped || people.isOnline(playerId)
    const reply = await ask(playerId, 'away', () => (isBack() ? null : { type: 'leave', playerId }))
    if (!reply.ok && reply.error.retryable && !isBack()) graces.set(playerId, true, clock.now() + RETRY_MS)
  }

  /** Brings back what is on record. Nobody is here yet, and everyone has a full grace to come back. */
  async function restore(): Promise<void> {
    for (const { id, value } of await records.load('party')) {
      const party = partyFrom(value)
      const isSound = party?.id === id && !party.members.some((member) => registry.partyOf(member.id))
      if (isSound) bringBack(party)
      else {
        log.error({ party: id }, 'party could not be restored')
        await writeRecords([{ kind: 'party', id, value: null }])
      }
    }
  }

  function bringBack(party: Party): void {
    registry.set(undefined, party)
    for (const { id } of party.members) departed(id)
  }

  /** Leaves everything as it is stored, for the next start. */
  function stop(): void {
    isStopped = true
    graces.stop()
    guessLimit.stop()
  }

  function viewFor(playerId: PlayerId): View | undefined {
    const party = registry.partyOf(playerId)
    return party && viewOf(party)
  }

  /** Those who play together with the player, or null. */
  function groupOf(playerId: PlayerId) {
    const party = registry.partyOf(playerId)
    return party ? { partyId: party.id, leaderId: party.leaderId, members: party.members } : null
  }

  const has = (partyId: PartyId): boolean => registry.get(partyId) !== undefined
  const asking = { create, join, leave, kick, promote }
  return { ...asking, renamed, groupOf, viewFor, arrived, departed, restore, stop, has, size: registry.size }
}

const memberFrom = ({ id, name, rating }: Player): Party['members'][number] => ({
  id,
  name,
  ...(rating !== undefined && { rating }),
})
