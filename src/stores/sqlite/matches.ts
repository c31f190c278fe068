import type { DatabaseSync } from 'node:sqlite'
import type { MatchCommit } from '../../match/match-store.ts'
import type { MatchId } from '../../protocol/ids.ts'
import type { MatchEvent } from '../../protocol/match-view.ts'
import { checksumOf, readChecked } from './file/checksum.ts'

/** A commit as it is stored. It is serialized when it is handed in, so later changes of it do not matter. */
export interface Step {
  matchId: MatchId
  epoch: number
  after: number
  seq: number
  snapshot: string
  lines: { seq: number; text: string }[]
}

export const stepOf = ({ matchId, epoch, after, snapshot, lines }: MatchCommit): Step => ({
  matchId,
  epoch,
  after,
  seq: after + lines.length,
  snapshot: JSON.stringify(snapshot),
  lines: lines.map((line) => ({ seq: line.seq, text: JSON.stringify(line) })),
})

/** The open matches and their complete logs. */
export function openMatchTables(database: DatabaseSync) {
  const begin = database.prepare(`
    INSERT INTO matches (epoch, seq, snapshot, seal, match_id) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (match_id) DO UPDATE
    SET epoch = excluded.epoch, seq = excluded.seq, snapshot = excluded.snapshot, seal = excluded.seal
    WHERE matches.seq = 0 AND matches.epoch <= excluded.epoch
  `)
  const advance = database.prepare(
    'UPDATE matches SET epoch = ?, seq = ?, snapshot = ?, seal = ? WHERE match_id = ? AND seq = ? AND epoch <= ?',
  )
  // Replaces a line that damage may have left behind.
  const addLine = database.prepare('INSERT OR REPLACE INTO lines (match_id, seq, line, seal) VALUES (?, ?, ?, ?)')
  const last = database.prepare('SELECT seq FROM matches WHERE match_id = ?')
  const after = database.prepare('SELECT line, seal FROM lines WHERE match_id = ? AND seq > ? ORDER BY seq')
  for (const read of [last, after]) read.setReadBigInts(true)
  const forget = ['matches', 'lines'].map((table) => database.prepare(`DELETE FROM ${table} WHERE match_id = ?`))

  /** Writes nothing and returns false when the stored match has a newer epoch or another `seq`. */
  function write({ matchId, epoch, after, seq, snapshot, lines }: Step): boolean {
    const seal = checksumOf([matchId, epoch, seq], snapshot)
    const values = [epoch, seq, snapshot, seal, matchId] as const
    const { changes } = after === 0 ? begin.run(...values) : advance.run(...values, after, epoch)
    if (changes === 0) return false
    for (const line of lines) addLine.run(matchId, line.seq, line.text, checksumOf([matchId, line.seq], line.text))
    return true
  }

  /** The lines after `since`. Null when the match is missing or has fewer lines; `'damaged'` when lines are damaged. */
  function tail(matchId: MatchId, since: number): MatchEvent[] | null | 'damaged' {
    const match = last.get(matchId)
    if (!match || since > Number(match.seq)) return null
    const lines = after.all(matchId, since).flatMap(({ line, seal }, n) => {
      const opened = readChecked([matchId, since + 1 + n], line, seal)
      return opened ? [opened.value as MatchEvent] : []
    })
    return since + lines.length === Number(match.seq) ? lines : 'damaged'
  }

  function remove(matchId: MatchId): void {
    for (const statement of forget) statement.run(matchId)
  }

  return { write, tail, remove }
}
