import type { GameRules } from '@muster-rooms/server'

/** Each player has five cards. Both play one face down; the higher card takes the trick. Most tricks win. */
interface Table {
  hands: number[][]
  /** The cards of this trick by seat, face down; null until the seat has played. */
  played: (number | null)[]
  /** The cards of the last trick, face up. */
  last: number[] | null
  tricks: number[]
}
export interface PlayCard {
  type: 'play'
  data: { card: number }
}
/** What a player sees: the own hand, and of the other one only whether they have played. */
export interface View {
  hand: number[]
  hasPlayed: boolean[]
  last: number[] | null
  tricks: number[]
}

const CARDS = 10
const TURN_MS = 60_000

/** The cards 1 to 10 in random order: `random` is seeded by the match, so a replay deals the same. */
const shuffled = (random: () => number): number[] =>
  Array.from({ length: CARDS }, (_, n) => ({ card: n + 1, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ card }) => card)

function settled(table: Table): Table {
  const [first, second] = table.played
  if (first == null || second == null) return table
  const winner = first > second ? 0 : 1
  return {
    ...table,
    played: [null, null],
    last: [first, second],
    tricks: table.tricks.map((count, seat) => (seat === winner ? count + 1 : count)),
  }
}

function play(table: Table, seat: number, card: number): Table {
  return settled({
    ...table,
    hands: table.hands.map((hand, owner) => (owner === seat ? hand.filter((one) => one !== card) : hand)),
    played: table.played.map((before, owner) => (owner === seat ? card : before)),
  })
}

export const highCard: GameRules<Table, PlayCard, View> = {
  setup({ random }) {
    const cards = shuffled(random)
    return {
      hands: [cards.slice(0, CARDS / 2), cards.slice(CARDS / 2)],
      played: [null, null],
      last: null,
      tricks: [0, 0],
    }
  },

  // A client may send anything, so the action is checked.
  act(table, { seat, type, data }) {
    if (type !== 'play' || !table.hands[seat]?.includes(data?.card))
      return { refuse: 'ILLEGAL_ACTION', message: 'Play a card of your hand.' }
    if (table.played[seat] !== null) return { refuse: 'NOT_YOUR_TURN', message: 'Wait for the other player.' }
    return play(table, seat, data.card)
  },

  over({ hands, tricks }) {
    if (hands.some((hand) => hand.length > 0)) return null
    const [first = 0, second = 0] = tricks
    return { placements: first > second ? [[0], [1]] : [[1], [0]], scores: { 0: first, 1: second } }
  },

  view: ({ hands, played, last, tricks }, who) => ({
    hand: who === 'spectator' ? [] : (hands[who] ?? []),
    hasPlayed: played.map((card) => card !== null),
    last,
    tricks,
  }),

  // The others hear that a card was played, but not which.
  tell: () => undefined,

  // Whoever has not played in time plays the lowest card.
  deadline: () => ({ name: 'turn', inMs: TURN_MS }),
  timeout: (table) =>
    table.played.reduce<Table>(
      (now, card, seat) =>
        card === null && now.hands[seat]?.length ? play(now, seat, Math.min(...now.hands[seat])) : now,
      table,
    ),
}
