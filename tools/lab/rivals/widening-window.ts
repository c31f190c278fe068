import type { Matchmaker, MatchmakerMode, MatchmakerOptions, Proposal, Ticket } from '../../../src/matchmaker/api.ts'
import { teamGap } from '../report/team-gap.ts'
import { filled, type Waiting } from './window-teams.ts'

export interface Window {
  /** How far apart two may be at first, in points, and how much that grows in a second. */
  points: number
  pointsPerSecond: number
}

const TICK_MS = 1_000
const ratingOf = ({ players }: Ticket): number => players.reduce((sum, { mu }) => sum + mu, 0) / players.length

/**
 * The usual method, for comparison: once a second, from the oldest ticket on, match those within a window of ratings
 * that widens with the wait. It implements only what a simulation needs: one mode per ticket, ratings and party sizes.
 */
export function wideningWindow({ modes, maxWaitMs = 120_000 }: MatchmakerOptions, window: Window): Matchmaker {
  const queues = new Map(modes.map((mode) => [mode.id, { mode, waiting: [] as Waiting[] }]))
  const held = new Map<string, Waiting[]>()
  let [dueAt, matches, added, removed, matched] = [null as number | null, 0, 0, 0, 0]

  const reach = ({ since }: Waiting, now: number): number =>
    now - since >= maxWaitMs ? Infinity : window.points + (window.pointsPerSecond * (now - since)) / 1_000

  function groupAround(oldest: Waiting, others: readonly Waiting[], mode: MatchmakerMode, now: number) {
    const apart = (other: Waiting) => Math.abs(other.rating - oldest.rating)
    const near = others
      .filter((other) => other !== oldest && apart(other) <= Math.min(reach(oldest, now), reach(other, now)))
      .sort((a, b) => apart(a) - apart(b))
    return filled([oldest, ...near], mode)
  }

  function propose(group: Waiting[][], mode: string): Proposal {
    const teams = group.map((team) => team.map(({ ticket }) => ticket))
    const id = `w${matches++}`
    held.set(id, group.flat())
    const gap = teamGap(teams)
    return { id, mode, region: null, teams, gap, mismatch: gap }
  }

  function tickQueue(queue: { mode: MatchmakerMode; waiting: Waiting[] }, now: number): Proposal[] {
    const proposals: Proposal[] = []
    for (const oldest of [...queue.waiting]) {
      const group = queue.waiting.includes(oldest) ? groupAround(oldest, queue.waiting, queue.mode, now) : null
      if (!group) continue
      const gone = new Set(group.flat())
      queue.waiting = queue.waiting.filter((one) => !gone.has(one))
      proposals.push(propose(group, queue.mode.id))
    }
    return proposals
  }

  const unsupported = (): never => {
    throw new Error('the widening window is only there to compare with')
  }
  return {
    add(ticket, now) {
      const queue = queues.get(String(ticket.mode)) ?? unsupported()
      queue.waiting.push({ ticket, since: now - (ticket.creditMs ?? 0), rating: ratingOf(ticket) })
      added += 1
      dueAt ??= now + TICK_MS
    },
    remove(id) {
      const had = [...queues.values()].find(({ waiting }) => waiting.some(({ ticket }) => ticket.id === id))
      if (!had) return false
      had.waiting = had.waiting.filter(({ ticket }) => ticket.id !== id)
      removed += 1
      return true
    },
    tick(now) {
      const proposals = [...queues.values()].flatMap((queue) => tickQueue(queue, now))
      dueAt = [...queues.values()].some(({ waiting }) => waiting.length > 0) ? now + TICK_MS : null
      return proposals
    },
    confirm(id) {
      matched += held.get(id)?.length ?? 0
      return held.delete(id)
    },
    reject(id, { who, now }) {
      for (const one of held.get(id) ?? [])
        if (!who.includes(one.ticket.id)) queues.get(String(one.ticket.mode))?.waiting.unshift(one)
      dueAt ??= now + TICK_MS
      return held.delete(id)
    },
    nextAt: () => dueAt,
    searching: () => 0,
    estimate: () => null,
    explain: unsupported,
    stats: () => ({
      added,
      removed,
      matched,
      queued: added - removed - matched,
      held: held.size,
      backfills: 0,
      searching: {},
    }),
    update: unsupported,
    addBackfill: unsupported,
    removeBackfill: unsupported,
  }
}
