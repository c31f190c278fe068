import { connect } from '@muster-rooms/client'
import type config from '../muster.config.ts'

export const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
export const say = (text: string): void => element('status').replaceChildren(text)

const playButton = element<HTMLButtonElement>('play')

// Each tab is a player of its own, who survives a reload.
export const muster = await connect<typeof config>(location.origin, {
  token: sessionStorage.getItem('token') ?? '',
  onSession: ({ token }) => sessionStorage.setItem('token', token),
  // The page may be there before the service is.
  timeoutMs: Number.POSITIVE_INFINITY,
})

interface Play {
  mode: Parameters<typeof muster.queue.join>[0]['mode']
  /** Said before the player queues, and while they wait. */
  intro: string
  waiting: string
  /** Called with each match of the player, also after a reload. */
  join: (matchId: string) => Promise<void>
}
/** Lets the player queue with the button. */
export async function offerPlay({ mode, intro, waiting, join }: Play): Promise<void> {
  async function joinMatch(matchId: string): Promise<void> {
    playButton.hidden = true
    await join(matchId)
  }
  playButton.addEventListener('click', async () => {
    playButton.disabled = true
    say(waiting)
    const reply = await muster.queue.join({ mode })
    if (reply.ok) return
    say(reply.error.message)
    playButton.disabled = false
  })
  muster.on('match:found', ({ matchId }) => joinMatch(matchId))
  say(intro)
  playButton.disabled = false
  const { match } = muster.state
  if (match) await joinMatch(match.matchId)
}

export function offerAgain(): void {
  playButton.hidden = false
  playButton.disabled = false
  playButton.textContent = 'Play again'
}
