import type { Matchmaker, MatchmakerOptions } from '../../src/lobby/matchmaker/face.ts'

/** What is measured. */
export type Make = (options: MatchmakerOptions) => Matchmaker
