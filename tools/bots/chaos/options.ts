import { parseArgs } from 'node:util'
import { UsageError } from '../options.ts'

export const usage = `Kills a server under bots, again and again, and looks for what was lost.

  npm run chaos:restart -- [--kills 30] [--matches 200] [--seed N] [--min-up-ms 300] [--max-up-ms 2000]

  --kills      how often the server is killed with SIGKILL and started again
  --matches    how many matches there are at a time, with two bots each
  --seed       for when the kills come, and what the bots do; one is made up and printed otherwise
  --min-up-ms  how long the server answers, at least, before it is killed
  --max-up-ms  and at most

Exits with 0 when nothing was lost, 1 when something was, 2 when the command was not understood.`

export interface Options {
  kills: number
  matches: number
  seed: number
  minUpMs: number
  maxUpMs: number
}

/** Reads the command line; throws a `UsageError`. */
export function readOptions(args: string[], newSeed: () => number): Options {
  const given = parse(args)
  const options = {
    kills: wholeNumber('--kills', given.kills, 1, 1_000),
    matches: wholeNumber('--matches', given.matches, 1, 2_000),
    seed: given.seed === undefined ? newSeed() : wholeNumber('--seed', given.seed, 0, 2 ** 32 - 1),
    minUpMs: wholeNumber('--min-up-ms', given['min-up-ms'], 0, 600_000),
    maxUpMs: wholeNumber('--max-up-ms', given['max-up-ms'], 0, 600_000),
  }
  if (options.minUpMs > options.maxUpMs) throw new UsageError('--min-up-ms is more than --max-up-ms')
  return options
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        kills: { type: 'string', default: '30' },
        matches: { type: 'string', default: '200' },
        seed: { type: 'string' },
        'min-up-ms': { type: 'string', default: '300' },
        'max-up-ms': { type: 'string', default: '2000' },
      },
    })
    return values
  } catch (fault) {
    throw new UsageError(fault instanceof Error ? fault.message : String(fault))
  }
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text)
  const isFine = text.trim() !== '' && Number.isSafeInteger(value) && value >= min && value <= max
  if (!isFine) throw new UsageError(`${flag} ${text} is not a whole number from ${min} to ${max}`)
  return value
}
