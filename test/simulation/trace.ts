/** Takes what happened, put into words only when somebody listens. */
export type Trace = (line: () => string) => void

export const shortened = (text: string): string => text.replace(/"(matchId|at)":("[^"]*"|\d+),?/g, '').slice(0, 400)
