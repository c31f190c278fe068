/** What can be broken, in the words of the report. */
export const kinds = ['lost', 'duplicated', 'gaps', 'false forfeits', 'matches lost', 'other'] as const
export type Kind = (typeof kinds)[number]

/** One broken promise, in a sentence that names the match and the line. */
export interface Fault {
  kind: Kind
  what: string
}
export type Blame = (kind: Kind, what: string) => void
