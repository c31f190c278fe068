import type { Answer, Asked, Asking, Diary, Entry, Line } from '../check/history.ts'

/** Records what one client sees, when it arrives. */
export type OpenDiary = ReturnType<typeof openDiary>

export function openDiary() {
  const entries: Entry[] = []
  let seatedIn: string | null = null
  const now = () => Date.now()

  function answered(asked: Omit<Asked, 'at' | 'is'>): void {
    const { event, asking, reply } = asked
    if (event === 'match:join' && reply?.ok) seatedIn = asking.matchId ?? null
    if (event === 'match:leave' && reply?.ok) seatedIn = null
    entries.push({ at: now(), is: 'asked', ...asked })
  }

  return {
    /** The match that the current connection is in. */
    seatedIn: () => seatedIn,
    connected: (): void => void entries.push({ at: now(), is: 'connected' }),
    disconnected(): void {
      seatedIn = null
      entries.push({ at: now(), is: 'disconnected' })
    },
    session: (matchId: string | null): void => void entries.push({ at: now(), is: 'session', matchId }),
    told: (matchId: string): void => void entries.push({ at: now(), is: 'told', matchId }),
    heard(line: Line): void {
      // A rematch that is agreed names the next match where other lines name their own.
      const matchId = (line.type === 'rematch.agreed' && seatedIn) || line.matchId
      entries.push({ at: now(), is: 'heard', matchId, line })
    },
    closed(matchId: string, outcome: string): void {
      if (seatedIn === matchId) seatedIn = null
      entries.push({ at: now(), is: 'closed', matchId, outcome })
    },
    /** Call it with the request; call what it returns with the reply. */
    asking(event: string, asking: Asking): (reply: Answer | null) => void {
      const matchId = asking.matchId ?? seatedIn
      const askedAt = now()
      // Between the request and its turn the connection may have joined another match.
      return (reply) => answered({ event, asking, matchId: reply?.match?.matchId ?? matchId, askedAt, reply })
    },
    close: (playerId: string): Diary => ({ playerId, entries }),
  }
}
