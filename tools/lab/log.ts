import { queueLogLine } from '../../src/protocol/queue-log-line.ts'
import type { Arrival } from './arrivals/population.ts'
import type { Life } from './report/life.ts'

export interface Log {
  lives: Life[]
  /** Lines that are not the life of a ticket. */
  damaged: number
}

/** Reads the queue's log; damaged lines are counted and skipped. */
export function readLog(text: string): Log {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const lives = lines.map(lifeOf).filter((life) => life !== null)
  return { lives, damaged: lines.length - lives.length }
}

function lifeOf(line: string): Life | null {
  try {
    const life = queueLogLine.parse(JSON.parse(line))
    return life.endedAt >= life.queuedAt ? life : null
  } catch {
    return null
  }
}
export const writeLog = (lives: readonly Life[]): string => lives.map((life) => `${JSON.stringify(life)}\n`).join('')

/**
 * The recorded tickets, to be queued again. Players who gave up give up after the same wait, and players who declined
 * decline. How long the others would have waited is unknown, so they wait. Players get new ids, because under other
 * settings one may be back before the earlier ticket has ended.
 */
export function arrivalsFrom(lives: readonly Life[]): Arrival[] {
  const sorted = lives.toSorted((a, b) => a.queuedAt - b.queuedAt || (a.ticketId < b.ticketId ? -1 : 1))
  const first = sorted[0]?.queuedAt ?? 0
  return sorted.map((life, n) => ({
    at: life.queuedAt - first,
    ticket: ticketOf(life, `r${n}`),
    patienceMs: life.reason === 'cancelled' || life.reason === 'expired' ? life.endedAt - life.queuedAt : Infinity,
    declines: life.reason === 'declined',
  }))
}

function ticketOf({ mode, players, latencies, attributes, wants, roles }: Life, id: string): Arrival['ticket'] {
  const renamed = players.map((player, n) => ({ ...player, id: `${id}.${n}` }))
  return { id, mode, players: renamed, latencies, attributes, wants, roles } as Arrival['ticket']
}
