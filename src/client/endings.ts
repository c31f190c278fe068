import type { PlayerState, StatePush, Tells, Told } from './player-state.ts'

type Resumed = Told<'session'>['resumed']
type What = keyof PlayerState

/** Something that was the player's and no longer is. */
export interface Ending {
  what: What
  id: string
  /** Why, as the server says it; `unknown` when it ended without a word while this connection was lost. */
  reason: string
}
type Endings = { [Event in keyof Tells]?: (before: PlayerState, told: Told<Event>) => readonly Ending[] }

const endings: Endings = {
  session: (before, { resumed }) => [...(resumed.ended ?? []), ...silent(before, resumed)],
  // What becomes of a matched ticket is its match.
  'queue:ended': (_before, { ticketId, reason }) =>
    reason === 'matched' ? [] : [{ what: 'ticket', id: ticketId, reason }],
  'match:cancelled': ({ proposal }, { matchId, reason }) => [
    { what: proposal?.matchId === matchId ? 'proposal' : 'match', id: matchId, reason },
  ],
  'match:ended': (_before, { matchId, reason }) => [{ what: 'match', id: matchId, reason }],
  'party:state': (before, { party, reason = 'left' }) =>
    before.party && !party ? [{ what: 'party', id: before.party.id, reason }] : [],
  'lobby:left': (_before, { lobbyId }) => [{ what: 'lobby', id: lobbyId, reason: 'left' }],
  'lobby:kicked': (_before, { lobbyId }) => [{ what: 'lobby', id: lobbyId, reason: 'kicked' }],
  'lobby:closed': (_before, { lobbyId, reason }) => [{ what: 'lobby', id: lobbyId, reason }],
}

export const idOf = (what: What, { [what]: thing }: Resumed | PlayerState): string | undefined =>
  thing ? ('matchId' in thing ? thing.matchId : thing.id) : undefined

/** What the player had before a reconnect and does not have any more. */
function silent(before: PlayerState, after: Resumed): Ending[] {
  const goesOnAs: Record<What, readonly What[]> = {
    ticket: ['ticket', 'proposal', 'match'],
    proposal: ['ticket', 'match'],
    match: [],
    party: [],
    lobby: [],
  }
  return (Object.keys(goesOnAs) as What[]).flatMap((what) => {
    const id = idOf(what, before)
    const goesOn = id === idOf(what, after) || goesOnAs[what].some((next) => after[next])
    return id === undefined || goesOn ? [] : [{ what, id, reason: 'unknown' }]
  })
}

/** What a push ends. The first reason of a thing counts. */
export function endingsIn(before: PlayerState, event: StatePush, told: unknown): readonly Ending[] {
  const find = endings[event] as ((before: PlayerState, told: unknown) => readonly Ending[]) | undefined
  return find?.(before, told) ?? []
}
