import type { MatchView } from '../src/client/client.ts'

export type Seat = MatchView['seats'][number]

export const othersIn = ({ seats }: MatchView, mine: number): Seat[] => seats.filter(({ seat }) => seat !== mine)

export const nameIn = ({ seats }: MatchView, mine: number): string =>
  seats.find(({ seat }) => seat === mine)?.name ?? 'Someone'

/** "Ann", "Ann and Bob", "Ann, Bob and Cleo". */
export const namesOf = (seats: readonly Seat[]): string => list.format(seats.map(({ name }) => name))
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** The first grapheme of a name. */
export function initialOf(name: string): string {
  const [first] = signs.segment(name)
  return first?.segment.toLocaleUpperCase() ?? '?'
}
const signs = new Intl.Segmenter('en', { granularity: 'grapheme' })
