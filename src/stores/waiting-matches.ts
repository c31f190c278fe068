import type { RecordStore } from '../lobby/record-store.ts'
import type { WaitingMatches } from '../match/restore.ts'
import type { MatchId } from '../protocol/ids.ts'

/** Stores which matches wait for their mode to be configured again. */
export function waitingMatchesOn(records: RecordStore): WaitingMatches {
  const write = (id: MatchId, value: { since: number } | null) => records.write([{ kind: 'aside', id, value }])
  return {
    async load() {
      const notes = await records.load('aside')
      return new Map(notes.map(({ id, value }) => [id as MatchId, (value as { since: number }).since]))
    },
    put: (matchId, since) => write(matchId, { since }),
    clear: (matchId) => write(matchId, null),
  }
}
