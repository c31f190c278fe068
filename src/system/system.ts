import { readFileSync } from 'node:fs'
import { uptime as osUptime } from 'node:os'
import { nanoid } from 'nanoid'
import { type Logger, pino } from 'pino'
import type { Cancel, Clock, Elapsed, EpochMs, NewId, Random } from '../ports.ts'
import type { Uptime } from '../util/outage.ts'
import { readable } from './terminal.ts'

// setTimeout fires at once when asked to wait longer than 2^31 - 1 ms; a longer wait is taken in stages.
const LONGEST_TIMER_MS = 2 ** 31 - 1

// The instant at which the process started, and how long that is ago: a wall clock that is set back moves neither.
const now = () => Math.round(performance.timeOrigin + performance.now())

/** The machine's clock as it was at the start, running on evenly. */
export const systemClock = clockThat((timer) => timer)

/** The same; what waits for it does not keep the process alive. */
export const idleClock = clockThat((timer) => timer.unref())

function clockThat(keep: (timer: NodeJS.Timeout) => NodeJS.Timeout): Clock {
  return { now, at }

  function at(instant: EpochMs, task: () => void): Cancel {
    let timer: NodeJS.Timeout
    const arm = () => {
      timer = keep(setTimeout(ring, Math.min(Math.max(0, instant - now()), LONGEST_TIMER_MS)))
    }
    const ring = () => (now() < instant ? arm() : task())
    arm()
    return () => clearTimeout(timer)
  }
}

/** What the machine says the time is right now, wherever it was set to. For what other machines have dated. */
export const wallNow = (): EpochMs => Date.now()

/** How long the machine has been up, its sleep counted too; null where it does not tell one start from the next. */
export const uptime = (): Uptime | null =>
  machineStart === null ? null : { start: machineStart, ms: osUptime() * 1_000 }

const machineStart = startOfMachine()

function startOfMachine(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

export const elapsed: Elapsed = () => performance.now()

/** 21 characters, 126 random bits. */
export const newId: NewId = () => nanoid()

export const random: Random = () => Math.random()

/** Which Muster this is. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** Plain JSON lines on stdout, or lines for people where those look on. */
export const openLog = (level: string, isTerminal = false): Logger =>
  isTerminal
    ? pino({ level, base: null }, { write: (line) => void process.stdout.write(readable(line)) })
    : pino({ level, base: null })
