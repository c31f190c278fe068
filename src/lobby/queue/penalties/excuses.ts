import type { MatchId, PlayerId } from '../../../protocol/ids.ts'

/**
 * `unseen`: not connected since the restart. `unheard`: answered, or joined, while nothing could be stored. `crossed`:
 * left the queue before they can have seen the proposal.
 */
type Excuse = 'unseen' | 'unheard' | 'crossed'

/** Players who get no penalty if their match is cancelled before play. */
export function createExcuses() {
  const excused = new Map<MatchId, Map<PlayerId, Excuse>>()

  return {
    add(matchId: MatchId, playerId: PlayerId, excuse: Excuse): void {
      excused.set(matchId, (excused.get(matchId) ?? new Map<PlayerId, Excuse>()).set(playerId, excuse))
    },
    of: (matchId: MatchId, playerId: PlayerId): Excuse | undefined => excused.get(matchId)?.get(playerId),
    /** The player has connected, and has the rest of the time like everyone. */
    seen(matchId: MatchId, playerId: PlayerId): void {
      const known = excused.get(matchId)
      if (known?.get(playerId) === 'unseen') known.delete(playerId)
      if (known?.size === 0) excused.delete(matchId)
    },
    /** The match has begun, or is over. */
    forget: (matchId: MatchId): void => void excused.delete(matchId),
    clear: (): void => excused.clear(),
    size: (): number => excused.size,
  }
}
export type Excuses = ReturnType<typeof createExcuses>
