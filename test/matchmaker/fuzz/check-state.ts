import { hold } from './broken.ts'
import type { Entry, Ledger } from './ledger.ts'
import { maxWaitOf } from './limits.ts'
import type { Machine } from './machine.ts'

/** Nobody is lost and nobody is twice: what the matchmaker counts is what there is. */
export function checkCounts({ ask }: Machine, { count, openings, searching }: Ledger): void {
  const stats = ask('stats')
  const { added, removed, matched, queued, held } = stats
  const seen = JSON.stringify({ added, removed, matched, queued, held })
  hold(seen === JSON.stringify(count), 'everyone is in one place', () => `${seen} of ${JSON.stringify(count)}`)
  const isRight = Object.entries(searching).every(
    ([mode, players]) => (stats.searching[mode] ?? 0) === players && ask('searching', mode) === players,
  )
  const told = () => `${JSON.stringify(stats.searching)} of ${JSON.stringify(searching)}`
  hold(isRight, 'players who wait are counted by mode', told)
  hold(stats.backfills === openings.size, 'backfills are counted', () => `${stats.backfills} of ${openings.size}`)
}

/** Who waits keeps every millisecond of the wait. */
export function checkAge({ ask }: Machine, ledger: Ledger, { ticket, bornAt, heldBy }: Entry, now: number): void {
  const explanation = ask('explain', ticket.id, now)
  if (heldBy !== null) return hold(explanation === null, 'only queued tickets wait', () => ticket.id)
  const estimate = ask('estimate', ticket.id, now)
  hold(estimate === null || estimate >= 0, 'an estimate is a time, or there is none', () => `${ticket.id}: ${estimate}`)
  const waitedMs = now - bornAt
  const isKept = explanation?.waitedMs === waitedMs
  hold(isKept, 'a wait is kept', () => `${ticket.id} waited ${waitedMs}, not ${explanation?.waitedMs}`)
  const mode = typeof ticket.mode === 'string' ? ledger.modes.get(ticket.mode) : undefined
  if (!mode || !explanation) return
  const at = bornAt + maxWaitOf(mode, ledger.options)
  const { unconditionalAt } = explanation
  hold(unconditionalAt === at, 'waiting has an end', () => `${ticket.id}: ${unconditionalAt}, not ${at}`)
}

export function checkNextAt({ ask }: Machine): void {
  const at = ask('nextAt')
  hold(at === null || Number.isFinite(at), 'nextAt is an instant or null', () => `${at}`)
}
