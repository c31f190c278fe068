import type { MatchRoom } from '@muster-rooms/client'
import type { PlayCard, View } from '../src/high-card.ts'
import { element, muster, offerAgain, offerPlay, say } from './player.ts'

let room: MatchRoom<PlayCard, View> | null = null

async function join(matchId: string): Promise<void> {
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
  if (result) offerAgain()
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
  offerAgain()
}

await offerPlay({
  mode: 'high-card',
  intro: 'Both play a card face down. The higher one takes the trick.',
  waiting: 'Waiting for an opponent. Open this page in a second tab to play against yourself.',
  join,
})
