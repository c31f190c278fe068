import { parseArgs } from 'node:util'

export const usage = `Bots that connect, queue, play and leave, and check what they hear.

  muster bots [--bots 20] [--mode duel] [--seconds 10] [--rate 10] [--url http://localhost:3000]

  --bots     how many
  --mode     the mode they queue in
  --seconds  how long they go on finding matches; those in progress are played out
  --rate     messages per second and bot
  --url      the server, also as MUSTER_URL; without either the one on this machine, or one started for the run

Exits with 0 when all invariants hold, 1 when one is broken, 2 when the command was not understood.`

export interface Options {
  bots: number
  mode: string
  seconds: number
  rate: number
  url: string
  /** Somebody named the server, so no other will do. */
  isUrlGiven: boolean
}
/** The command was not understood; the message says what of it. */
export class UsageError extends Error {}

type Variables = Readonly<Record<string, string | undefined>>

/** Reads the command line; throws a `UsageError`. */
export function readOptions(args: string[], { MUSTER_URL, PORT }: Variables): Options {
  const { bots, mode, seconds, rate, url } = parse(args)
  const given = url ?? (MUSTER_URL || undefined)
  if (mode === '') throw new UsageError('--mode is empty')
  if (given !== undefined && !URL.canParse(given)) throw new UsageError(`--url ${given} is not a URL`)
  return {
    bots: wholeNumber('--bots', bots, 10_000),
    mode,
    seconds: wholeNumber('--seconds', seconds, 86_400),
    rate: wholeNumber('--rate', rate, 1_000),
    url: given ?? `http://localhost:${PORT || 3000}`,
    isUrlGiven: given !== undefined,
  }
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        bots: { type: 'string', default: '20' },
        mode: { type: 'string', default: 'duel' },
        seconds: { type: 'string', default: '10' },
        rate: { type: 'string', default: '10' },
        url: { type: 'string' },
      },
    })
    return values
  } catch (fault) {
    throw new UsageError(fault instanceof Error ? fault.message : String(fault))
  }
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = Number(text)
  const isFine = Number.isSafeInteger(value) && value >= 1 && value <= max
  if (!isFine) throw new UsageError(`${flag} ${text} is not a whole number from 1 to ${max}`)
  return value
}
