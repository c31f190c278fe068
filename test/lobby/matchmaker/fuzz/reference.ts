import {
  type Matchmaker,
  type MatchmakerOptions,
  type Proposal,
  type Ticket,
  TicketError,
} from '../../../../src/lobby/matchmaker/face.ts'
import { faultsOf } from './faults.ts'
import { createLedger, keyOf } from './ledger.ts'
import { maxWaitOf } from './limits.ts'
import { findGroup } from './search.ts'

/** A matchmaker that tries everything and takes the first that may be: slow, and with no eye for a good match. */
export function createReference(options: MatchmakerOptions): Matchmaker {
  const ledger = createLedger(options)
  let due: number | null = null
  let proposals = 0
  function tick(now: number, { maxMatches = Infinity } = {}): Proposal[] {
    const found: Proposal[] = []
    if (due === null || due > now) return found
    due = null
    for (const mode of options.modes) {
      for (;;) {
        if (found.length >= maxMatches) {
          due = now
          return found
        }
        const waiting = ledger
          .queued(mode.id)
          .map(({ ticket, bornAt }) => ({ ticket, waitedMs: now - bornAt }))
          .sort((a, b) => b.waitedMs - a.waitedMs)
          .slice(0, 12)
        const isOut = (ids: readonly string[]) => ledger.turnedDown.get(keyOf(ids)) === now
        const group = findGroup(waiting, { mode, rules: options, isOut })
        if (!group) break
        const means = group.teams.map((team) => {
          const p = team.flatMap((t) => t.players)
          return p.reduce((s, { mu }) => s + mu, 0) / p.length
        })
        const proposal = {
          id: `m${++proposals}`,
          mode: mode.id,
          ...group,
          mismatch: 0,
          gap: Math.max(...means) - Math.min(...means),
        }
        ledger.offered(proposal)
        found.push(proposal)
      }
      for (const { bornAt } of ledger.queued(mode.id)) {
        for (const at of [bornAt + (mode.shortHandedAfterMs ?? 0), bornAt + maxWaitOf(mode, options) + 1])
          if (at > now) due = Math.min(due ?? Infinity, at)
      }
    }
    return found
  }
  const refuse = (ticket: Ticket, self?: Ticket) => {
    const [fault] = faultsOf(ticket, ledger, self)
    if (fault) throw new TicketError(fault, fault)
  }
  const wake = (now: number) => {
    due = Math.min(due ?? Infinity, now)
  }
  return {
    add(ticket, now) {
      refuse(ticket)
      ledger.add(ticket, now)
      wake(now)
    },
    remove(id, now) {
      wake(now)
      return ledger.remove(id)
    },
    update(id, patch, now) {
      const entry = ledger.entries.get(id)
      if (entry?.heldBy !== null) return false
      refuse({ ...entry.ticket, ...patch }, entry.ticket)
      ledger.update(entry, patch)
      wake(now)
      return true
    },
    addBackfill(request) {
      ledger.open(request)
    },
    removeBackfill: ledger.close,
    tick,
    confirm: ledger.confirm,
    reject(id, { who, now }) {
      const is = ledger.reject(id, who, now)
      if (is) due = Math.min(due ?? Infinity, now + 1)
      return is
    },
    nextAt: () => due,
    stats: () => ({ ...ledger.count, backfills: ledger.openings.size, searching: { ...ledger.searching } }),
    explain(id, now) {
      const e = ledger.entries.get(id)
      if (e?.heldBy !== null) return null
      const mode = ledger.modes.get([e.ticket.mode].flat()[0] ?? '')
      return {
        waitedMs: now - e.bornAt,
        slack: 0,
        unconditionalAt: e.bornAt + (mode ? maxWaitOf(mode, options) : 0),
        searching: 0,
        blockedBy: {} as never,
        density: 0,
        expectedWaitMs: null,
      }
    },
    snapshot: () => ({ version: 1 }),
    restore() {},
  }
}
