import { setTimeout as sleep } from 'node:timers/promises'
import { type Bot, connectBot, type Run } from './player/bot.ts'
import { dice } from './player/dice.ts'
import { live } from './player/life.ts'

const WAVE = 40
const LEAST_GAP_MS = 250
/** Of all bots together, about so many actions a second: enough to be in the middle of many whenever the kill comes. */
const ACTIONS_PER_SECOND = 500

export interface Fleet {
  bots: readonly Bot[]
  /** Waits until the bots have finished what they began; after `ms` resolves with what they are stuck at. */
  settle(ms: number): Promise<string[]>
}

/** Connects two bots for each match, and lets them play. */
export async function launchFleet(url: string, { matches, seed }: { matches: number; seed: number }): Promise<Fleet> {
  const many = matches * 2
  const run: Run = { gapMs: Math.max(LEAST_GAP_MS, (many * 1_000) / ACTIONS_PER_SECOND), isSettling: false }
  const bots: Bot[] = []
  const lives: Promise<void>[] = []
  for (let first = 0; first < many; first += WAVE) {
    const numbers = Array.from({ length: Math.min(WAVE, many - first) }, (_, n) => first + n)
    const wave = await Promise.all(
      numbers.map((n) => {
        const mode = n % 4 < 2 ? 'duel' : 'tictactoe'
        return connectBot({ url, name: `bot-${n + 1}`, mode, run, dice: dice(seed + n + 1) })
      }),
    )
    bots.push(...wave)
    lives.push(...wave.map(live))
  }
  return { bots, settle: (ms) => settle({ bots, run, lives, ms }) }
}

interface Settling {
  bots: readonly Bot[]
  run: Run
  lives: readonly Promise<void>[]
  ms: number
}

async function settle({ bots, run, lives, ms }: Settling): Promise<string[]> {
  run.isSettling = true
  for (const { beat } of bots) beat()
  const inTime = new AbortController()
  const tooLong = sleep(ms, null, { signal: inTime.signal }).catch(() => null)
  await Promise.race([Promise.all(lives), tooLong])
  inTime.abort()
  return bots.flatMap(({ name, doing, isDone }) => (isDone ? [] : [`${name} was stuck at ${doing}`]))
}
