import type { Cancel } from '../../ports.ts'
import type { LobbyId } from '../../protocol/ids.ts'
import type { LobbiesParts } from './ports.ts'
import type { LobbyRegistry } from './registry.ts'
import type { CustomLobby, LobbyMember } from './state/custom-lobby.ts'
import { deadlineOf } from './state/membership.ts'
import { viewOf } from './state/views.ts'

/** One change of a lobby. */
export interface Step {
  /** Null for a new lobby. */
  before: CustomLobby | null
  after: CustomLobby | null
  /** How members left who are not in it afterwards. */
  out?: 'left' | 'away' | 'kicked' | 'idle'
  /** The change follows from what is stored elsewhere, so it counts even if it cannot be stored now. */
  isSure?: true
}
interface LobbyCommitParts extends Pick<LobbiesParts, 'records' | 'rooms' | 'deliver' | 'people' | 'time' | 'log'> {
  registry: LobbyRegistry
  /** Called with a lobby's new and former state; null for none. */
  changed: (id: LobbyId, lobby: CustomLobby | null, before: CustomLobby | null) => void
  /** Called when the grace of a member may have ended. */
  deadlinePassed: (id: LobbyId) => void
}
/** The change could not be stored, and was not made. */
export class NotStored extends Error {}

/** The form in which lobbies are stored. */
export const FORM = 1
export type LobbyCommit = ReturnType<typeof createLobbyCommit>

/** Commits changes of lobbies, applies them, then notifies the members. */
export function createLobbyCommit(parts: LobbyCommitParts) {
  const { records, rooms, deliver, people, time, log, registry, changed, deadlinePassed } = parts
  const timers = new Map<LobbyId, { at: number; cancel: Cancel }>()

  /** Commits all steps or none. A step without a change is skipped. */
  async function commit(...given: Step[]): Promise<void> {
    const steps = given.filter(({ before, after }) => before !== after).map(withoutEmpty)
    if (steps.length === 0) return
    const changes = steps.map(({ before, after }) => ({
      kind: 'lobby' as const,
      id: (after ?? before)?.id ?? '',
      value: after && { form: FORM, ...after },
    }))
    await records.write(changes).catch((fault: unknown) => {
      log.error({ lobbies: steps.length, err: fault }, 'lobby could not be stored')
      if (!steps.every(({ isSure }) => isSure)) throw new NotStored()
    })
    for (const step of steps) take(step)
    for (const step of steps) tell(step)
  }

  function take({ before, after }: Pick<Step, 'before' | 'after'>): void {
    const id = (after ?? before)?.id
    if (id === undefined) return
    registry.replace(before, after)
    arm(id, after && deadlineOf(after))
    changed(id, after, before)
  }

  // One timer per lobby, for its next deadline.
  function arm(id: LobbyId, at: number | null): void {
    const timer = timers.get(id)
    if (timer?.at === at) return
    timer?.cancel()
    timers.delete(id)
    if (at === null) return
    const ring = () => {
      timers.delete(id)
      deadlinePassed(id)
    }
    timers.set(id, { at, cancel: time.at(at, ring) })
  }

  function tell({ before, after, out = 'left' }: Step): void {
    const id = (after ?? before)?.id
    if (id === undefined) return
    for (const { playerId } of missing(before, after)) {
      rooms.exit(id, playerId)
      if (out === 'idle') people.tell(playerId, 'lobby:closed', { lobbyId: id, reason: out })
      else people.tell(playerId, out === 'kicked' ? 'lobby:kicked' : 'lobby:left', { lobbyId: id })
      people.missed?.(playerId, { what: 'lobby', id, reason: out })
    }
    for (const { playerId } of missing(after, before)) rooms.enter(id, playerId)
    if (after) deliver({ lobby: id }, 'lobby:state', { lobby: viewOf(after) })
  }

  return {
    commit,
    /** Applies a lobby that is stored already. */
    adopt: (lobby: CustomLobby) => take({ before: null, after: lobby }),
    stop(): void {
      for (const { cancel } of timers.values()) cancel()
      timers.clear()
    },
  }
}

// A lobby goes with its last member.
const withoutEmpty = (step: Step): Step => (step.after?.members.length === 0 ? { ...step, after: null } : step)

/** Members of the first lobby who are not members of the second. */
function missing(of: CustomLobby | null, from: CustomLobby | null): LobbyMember[] {
  const there = new Set(from?.members.map(({ playerId }) => playerId))
  return (of?.members ?? []).filter(({ playerId }) => !there.has(playerId))
}
