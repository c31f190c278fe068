import type { QueueLogLine } from '../lobby/queue-log-line.ts'

/** What became of a ticket: a line of the queue's log. */
export type Life = QueueLogLine
