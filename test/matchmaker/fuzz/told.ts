import { hold } from './broken.ts'

/** The one that a number between 0 and 1 points at. */
export const nth = <T>(from: readonly T[], pick: number): T | undefined => from[Math.floor(pick * from.length)]

/** What the matchmaker says it did is what it had to do. */
export const says = (answer: boolean, expected: boolean, asked: string): void =>
  hold(answer === expected, 'what is said to have happened did', () => `${asked}: ${answer}`)
