import { readFileSync } from 'node:fs'
import { uptime as osUptime } from 'node:os'
import { nanoid } from 'nanoid'
import { type Logger, pino } from 'pino'
import type { Cancel, Clock, Elapsed, EpochMs, NewId, Random } from '../ports.ts'
import type { Uptime } from '../util/outage.ts'
import { readable } from './terminal.ts'

// setTimeout fires at once for more than 2^31 - 1 ms, so a longer wait is split.
const LONGEST_TIMER_MS = 2 ** 31 - 1

// The start of the process plus the time since then: changes of the wall clock do not move it.
const now = () => Math.round(performance.timeOrigin + performance.now())

/** The machine's clock at the start of the process, plus the time since then. */
export const systemClock = clockThat((timer) => timer)

/** The same clock with timers that do not keep the process alive. */
export const idleClock = clockThat((timer) => timer.unref())

function clockThat(keep: (timer: NodeJS.Timeout) => NodeJS.Timeout): Clock {
  return { now, at }

  function at(instant: EpochMs, task: () => void): Cancel {
    let timer: NodeJS.Timeout
    const arm = () => {
      timer = keep(setTimeout(fire, Math.min(Math.max(0, instant - now()), LONGEST_TIMER_MS)))
    }
    const fire = () => (now() < instant ? arm() : task())
    arm()
    return () => clearTimeout(timer)
  }
}

/** The machine's wall clock, as it is set now: for instants that come from other machines. */
const wallNow = (): EpochMs => Date.now()

/** The machine's uptime, with its sleep; null on systems that do not identify a boot. */
const uptime = (): Uptime | null => (machineStart === null ? null : { start: machineStart, ms: osUptime() * 1_000 })

const machineStart = startOfMachine()

function startOfMachine(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

const elapsed: Elapsed = () => performance.now()

/** 21 characters, 126 random bits. */
export const newId: NewId = () => nanoid()

const random: Random = () => Math.random()

/** Clock, ids and randomness of this machine. */
export const machine = { clock: systemClock, wallNow, newId, random, elapsed, uptime }

/** Logs to stdout: readable lines for a person, or JSON lines. */
export const openLog = (level: string, isReadable = false): Logger =>
  isReadable
    ? pino({ level, base: null }, { write: (line) => void process.stdout.write(readable(line)) })
    : pino({ level, base: null })
