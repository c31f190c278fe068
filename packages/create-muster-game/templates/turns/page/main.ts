import { connect, type MatchRoom } from '@muster-rooms/client'
import type config from '../muster.config.ts'
import type { PlayCard, View } from '../src/high-card.ts'

const element = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T
const playButton = element<HTMLButtonElement>('play')
const say = (text: string): void => element('status').replaceChildren(text)

// Each tab is a player of its own, who survives a reload.
const muster = await connect<typeof config>(location.origin, {
  token: sessionStorage.getItem('token') ?? '',
  onSession: ({ token }) => sessionStorage.setItem('token', token),
  // The page may be there before the service is.
  timeoutMs: Number.POSITIVE_INFINITY,
})
say('Both play a card face down. The higher one takes the trick.')
playButton.disabled = false
let room: MatchRoom<PlayCard, View> | null = null

playButton.addEventListener('click', async () => {
  playButton.disabled = true
  say('Waiting for an opponent. Open this page in a second tab to play against yourself.')
  const reply = await muster.queue.join({ mode: 'high-card' })
  if (!reply.ok) {
    say(reply.error.message)
    playButton.disabled = false
  }
})
muster.on('match:found', ({ matchId }) => join(matchId))
const { match } = muster.state
if (match) await join(match.matchId)

async function join(matchId: string): Promise<void> {
  playButton.hidden = true
  const joined = await muster.joinMatch<'high-card'>(matchId, { changed: draw, closed: over })
  if (!joined.ok) return say(joined.error.message)
  room = joined
  draw()
}

function draw(): void {
  if (!room) return
  const { state, game, result } = room.view
  if (!game) return say('The other player is coming …')
  const { seat } = room
  const [mine = 0, theirs = 0] = [game.tricks[seat], game.tricks[1 - seat]]
  element('tricks').replaceChildren(
    ...(game.last ?? []).map((card, owner) => faceUp(card, owner === seat ? 'you' : 'they')),
  )
  element('hand').replaceChildren(
    ...game.hand.map((card) => inHand(card, state !== 'playing' || game.hasPlayed[seat] === true)),
  )
  if (result)
    say(result.placements[0]?.includes(seat) ? `You won ${mine} to ${theirs}.` : `You lost ${mine} to ${theirs}.`)
  else if (game.hasPlayed[seat]) say(`Waiting for the other card. Tricks: ${mine} to ${theirs}.`)
  else say(`Your turn: play a card. Tricks: ${mine} to ${theirs}.`)
  if (result) again()
}

function faceUp(card: number, owner: string): HTMLElement {
  const face = document.createElement('div')
  face.className = 'card'
  face.append(String(card))
  face.append(Object.assign(document.createElement('small'), { textContent: owner }))
  return face
}

function inHand(card: number, isDisabled: boolean): HTMLElement {
  const button = Object.assign(document.createElement('button'), {
    className: 'card',
    type: 'button',
    disabled: isDisabled,
  })
  button.textContent = String(card)
  button.addEventListener('click', async () => {
    const reply = await room?.act({ type: 'play', data: { card } })
    if (reply && !reply.ok) say(reply.error.message)
  })
  return button
}

function over(outcome: string | null): void {
  if (outcome !== 'completed') say('The match is over.')
  again()
}

function again(): void {
  playButton.hidden = false
  playButton.disabled = false
  playButton.textContent = 'Play again'
}
