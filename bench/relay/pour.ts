import { setTimeout as sleep } from 'node:timers/promises'
import { type Ledger, microsNow, openLedger, type Stamp } from './ledger.ts'
import type { Player } from './players.ts'

export interface Flow {
  /** Who is seated; all send equally often. */
  players: readonly Player[]
  size: number
  /** Messages that reach someone, per second, in all rooms together. */
  deliveriesPerSecond: number
  seconds: number
  /** The number of the first message, so that late ones of an earlier flow are recognized. */
  first: number
}

const PAYLOAD_BYTES = 64
const STRAGGLERS_MS = 10_000

/** Sends at an even pace that does not wait for the server, then waits until everyone has heard everything. */
export async function pour({ players, size, deliveriesPerSecond, seconds, first }: Flow): Promise<Ledger> {
  const perSecond = deliveriesPerSecond / (size - 1)
  const turns = inTurn(players)
  const senders = Array.from({ length: Math.round(perSecond * seconds) }, (_, n) => turns[n % turns.length] as Player)
  const ledger = openLedger(senders, size, first)
  for (const player of players) {
    player.wire.onMessage = (fromSeat, stamp) => ledger.hear(player, fromSeat, stamp)
  }

  const startedAt = performance.now()
  let next = 0
  while (next < senders.length) {
    const due = Math.min(senders.length, ((performance.now() - startedAt) * perSecond) / 1_000)
    for (; next < due; next += 1) say(senders[next] as Player, first + next)
    await sleep(1)
  }
  const giveUpAt = performance.now() + STRAGGLERS_MS
  while (!ledger.everyoneHeard() && performance.now() < giveUpAt) await sleep(1)
  return ledger
}

// Seat by seat through all rooms, so that neighbours in time are strangers and no room hears a burst.
const inTurn = (players: readonly Player[]) => players.toSorted((a, b) => a.seat - b.seat || a.room - b.room)

function say({ wire, seat }: Player, n: number) {
  const stamp: Stamp = { s: seat, n, at: microsNow() }
  const open = `${JSON.stringify(stamp).slice(0, -1)},"pad":"`
  wire.send(`42/match,["match:send",${open.padEnd(PAYLOAD_BYTES - 2, 'x')}"}]`)
}
