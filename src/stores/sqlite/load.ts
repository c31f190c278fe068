import type { DatabaseSync } from 'node:sqlite'
import type { DamagedMatch, MatchRecord } from '../../match/match-store.ts'
import type { EpochMs } from '../../ports.ts'
import type { MatchId } from '../../protocol/ids.ts'
import { readChecked } from './file/checksum.ts'

type Row = Record<string, unknown>
interface Found {
  matches: MatchRecord[]
  damaged: (DamagedMatch & { id: bigint })[]
  /** Logs without a match. */
  strays: DamagedMatch[]
}

const LOG = "coalesce(group_concat(line, char(10) ORDER BY seq), '')"
const IS_STRAY = 'match_id NOT IN (SELECT match_id FROM matches)'
const STRAY = 'its snapshot is missing'

/** Reads the stored matches, and finds the damaged ones by their checksums. */
export function openLoader(database: DatabaseSync) {
  const matchRows = database.prepare('SELECT id, match_id, epoch, seq, snapshot, seal FROM matches ORDER BY id')
  const lineRows = database.prepare('SELECT seq, line, seal FROM lines WHERE match_id = ? ORDER BY seq')
  const strayIds = database.prepare(`SELECT DISTINCT match_id FROM lines WHERE ${IS_STRAY}`)
  // A damaged number may be too large for JavaScript.
  for (const rows of [matchRows, lineRows, strayIds]) rows.setReadBigInts(true)

  const keep = database.prepare(`
    INSERT INTO damaged (match_id, why, at, epoch, seq, snapshot, lines)
    SELECT match_id, ?, ?, epoch, seq, snapshot, (SELECT ${LOG} FROM lines WHERE lines.match_id = matches.match_id)
    FROM matches WHERE id = ?
  `)
  const forget = database.prepare('DELETE FROM matches WHERE id = ?')
  const keepStrays = database.prepare(`
    INSERT INTO damaged (match_id, why, at, lines)
    SELECT match_id, ?, ?, ${LOG} FROM lines
    WHERE ${IS_STRAY} GROUP BY match_id
  `)
  const forgetStrays = database.prepare(`DELETE FROM lines WHERE ${IS_STRAY}`)

  function read(): Found {
    const found: Found = { matches: [], damaged: [], strays: [] }
    for (const row of matchRows.iterate()) {
      const matchId = String(row.match_id) as MatchId
      const match = openMatch(matchId, row, lineRows.all(matchId))
      if (typeof match === 'string') found.damaged.push({ matchId, why: match, id: row.id as bigint })
      else found.matches.push(match)
    }
    found.strays = strayIds.all().map((row) => ({ matchId: String(row.match_id) as MatchId, why: STRAY }))
    return found
  }

  /** Moves damaged matches to the table `damaged`, where an operator can inspect them. */
  function setAside({ damaged, strays }: Found, at: EpochMs | null): void {
    if (strays.length > 0) keepStrays.run(STRAY, at)
    for (const { id, why } of damaged) keep.run(why, at, id)
    for (const { id } of damaged) forget.run(id)
    forgetStrays.run()
  }

  return { read, setAside }
}

/** The match, or what is damaged. */
function openMatch(matchId: MatchId, { epoch, seq, snapshot, seal }: Row, lines: Row[]): MatchRecord | string {
  const record = { matchId, epoch: Number(epoch), seq: Number(seq) }
  const opened = readChecked([matchId, record.epoch, record.seq], snapshot, seal)
  if (!opened) return 'its snapshot is not as it was written'
  return faultOf(lines, record) ?? { ...record, snapshot: opened.value }
}

/** What is damaged in a log, which must have exactly the lines from 1 to `seq`; null for a good one. */
function faultOf(lines: Row[], { matchId, seq }: { matchId: MatchId; seq: number }): string | null {
  for (const [n, { seq: found, line, seal }] of lines.entries()) {
    if (n + 1 > seq) return `its log goes beyond line ${seq}`
    if (Number(found) !== n + 1) return `line ${n + 1} of its log is missing`
    if (!readChecked([matchId, n + 1], line, seal)) return `line ${n + 1} of its log is not as it was written`
  }
  return lines.length < seq ? `line ${lines.length + 1} of its log is missing` : null
}
