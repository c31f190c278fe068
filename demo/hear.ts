import type { Muster } from '../src/client/client.ts'

type Ticket = NonNullable<Muster['state']['ticket']>
interface Progress {
  waitedMs: number
  estimatedWaitMs: number | null
  searching: number
}
interface Listener {
  /** The player is queued, by this tab, another one or the leader of the party. */
  joined(ticket: Ticket): void
  searching(progress: Progress): void
  /** The search has ended without a match; `text` says why. */
  searchEnded(text: string): void
  found(matchId: string): void
  /** `goesOn`: the search continues. */
  cancelled(matchId: string, text: string, goesOn: boolean): void
}
const whyCancelled = {
  declined: 'Someone left before the start',
  notAccepted: 'Someone did not answer',
  noShow: 'Someone did not come',
  operator: 'An operator stepped in',
}

/** Listens to the events of the search for a match. */
export function hearSearch(muster: Muster, listener: Listener): void {
  muster.on('queue:joined', ({ ticket }) => listener.joined(ticket))
  muster.on('queue:updated', (progress) => listener.searching(progress))
  muster.on('queue:ended', ({ reason }) => {
    // After a restart the page searches again by itself.
    if (reason === 'matched' || reason === 'drained') return
    const isOver = reason === 'cancelled' ? 'The search was called off.' : 'The search has ended.'
    listener.searchEnded(`${isOver} Press Play to search again.`)
  })
  muster.on('match:found', ({ matchId }) => listener.found(matchId))
  muster.on('match:cancelled', ({ matchId, reason, requeued }) => {
    const why = whyCancelled[reason]
    listener.cancelled(matchId, `${why}: ${requeued ? 'the search goes on.' : 'the match was cancelled.'}`, requeued)
  })
}
