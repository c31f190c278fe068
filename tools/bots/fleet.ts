import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectError } from '../../src/client/client.ts'
import { type Bot, connectBot } from './player/bot.ts'
import { live } from './player/life.ts'
import type { Run } from './run.ts'

const WAVE = 50
const CONNECT_MS = 15_000

/** Connects the bots, lets them play for so long, and sends them home. */
export async function runFleet(url: string, run: Run, asked: { bots: number; seconds: number }): Promise<void> {
  const bots = await connectAll(url, run, asked.bots)
  console.log(`${bots.length} of ${asked.bots} bots connected, playing ${run.mode} for ${asked.seconds} s`)
  run.endsAt = performance.now() + asked.seconds * 1000
  await Promise.all(bots.map((bot) => live(bot, run)))
  run.isOver = true
  for (const { muster } of bots) muster.close()
}

// In waves: a real crowd does not open all its connections in the same millisecond either.
async function connectAll(url: string, run: Run, many: number): Promise<Bot[]> {
  const bots: Bot[] = []
  for (let first = 1; first <= many; first += WAVE) {
    const names = Array.from({ length: Math.min(WAVE, many - first + 1) }, (_, n) => `bot-${first + n}`)
    const wave = await Promise.all(names.map((name) => tryToConnect(url, name, run)))
    const arrived = wave.filter((bot) => bot !== null)
    bots.push(...arrived)
    // A fault that keeps a whole wave out would keep the next one out as well.
    if (arrived.length === 0) break
  }
  return bots
}

/** A bot, or null with the reason written down. */
async function tryToConnect(url: string, name: string, run: Run): Promise<Bot | null> {
  const inTime = new AbortController()
  const tooLate = sleep(CONNECT_MS, null, { signal: inTime.signal }).catch(() => null)
  try {
    const bot = await Promise.race([connectBot(url, name, run), tooLate])
    if (!bot) run.faults.blame(`a bot could not connect within ${CONNECT_MS / 1000} s`)
    return bot
  } catch (fault) {
    if (!(fault instanceof ConnectError)) throw fault
    run.faults.blame(`a bot could not connect (${fault.code})`)
    return null
  } finally {
    inTime.abort()
  }
}
