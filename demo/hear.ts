import type { Muster } from '../src/client/client.ts'

interface Progress {
  waitedMs: number
  estimatedWaitMs: number | null
  searching: number
}
interface Listener {
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
export function hearSearch({ lobby: { socket } }: Muster, listener: Listener): void {
  socket.on('queue:updated', (progress) => listener.searching(progress))
  socket.on('queue:ended', ({ reason }) => {
    // After a restart the page searches again by itself.
    if (reason === 'matched' || reason === 'drained') return
    const isOver = reason === 'cancelled' ? 'The search was called off.' : 'The search has ended.'
    listener.searchEnded(`${isOver} Press Play to search again.`)
  })
  socket.on('match:found', ({ matchId }) => listener.found(matchId))
  socket.on('match:cancelled', ({ matchId, reason, requeued }) => {
    const why = whyCancelled[reason]
    listener.cancelled(matchId, `${why}: ${requeued ? 'the search goes on.' : 'the match was cancelled.'}`, requeued)
  })
}
