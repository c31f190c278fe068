import type { Matchmaker, MatchmakerOptions } from '../../src/matchmaker/api.ts'
import { createMatchmaker } from '../../src/matchmaker/matchmaker.ts'
import { wideningWindow } from '../../tools/lab/rivals/widening-window.ts'

/** What is measured. */
export type Make = (options: MatchmakerOptions) => Matchmaker

/** The work limit of a tick, as in the queue; the rest is for the next tick. */
export const MAX_WORK = 300

/** One line of the table: the target and the result. */
export interface Row {
  figure: string
  measured: string
  /** Without one the row is there to compare with. */
  target?: string
  isMet?: boolean
  /** What else is worth knowing. */
  more?: string
}

/** A widening that has about the squads' mean wait of 5 s in the middle of its range. */
const window: Make = (options) =>
  wideningWindow(options, { points: 25, pointsPerSecond: 12 * (options.pointsPerSecond ?? 3) })

export const subjects = { muster: createMatchmaker, window } satisfies Record<string, Make>
export type SubjectName = keyof typeof subjects

export const atMost = (figure: string, value: number, most: number, unit = '', digits = 2): Row => ({
  figure,
  measured: `${value.toFixed(digits)}${unit}`,
  target: `<= ${most}${unit}`,
  isMet: value <= most,
})
