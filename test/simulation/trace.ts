/** Takes an event, which is put into words only for a listener. */
export type Trace = (line: () => string) => void

export const shortened = (text: string): string => text.replace(/"(matchId|at)":("[^"]*"|\d+),?/g, '').slice(0, 400)
