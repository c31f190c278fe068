import { parseArgs } from 'node:util'

/** The command was not understood; the message says what of it. */
export class UsageError extends Error {}

/** What both commands take. */
export interface Common {
  mode: string
  /** Null: as the mode says, or the matchmaker's own. */
  pointsPerSecond: number | null
  /** The mode's shape, in place of the config's. */
  teams: { count: number; size: number } | null
  config: string | null
  html: string
}
export interface SimulateOptions extends Common {
  rate: number
  minutes: number
  seed: number
  against: number | null
  patienceSeconds: number | null
  declineShare: number
  hasRegions: boolean
  /** Where the lives of the tickets are written to, or null. */
  log: string | null
  docs: boolean
}
export interface ReplayOptions extends Common {
  log: string
}

const text = { type: 'string' } as const
const common = {
  mode: { type: 'string', default: 'squad' },
  'points-per-second': text,
  teams: text,
  config: text,
  html: { type: 'string', default: 'reports/queue.html' },
} as const

/** Reads the command line of `queue:simulate`; throws a `UsageError`. */
export function readSimulateOptions(args: string[]): SimulateOptions {
  const values = understood(() => {
    const rest = { rate: text, minutes: text, seed: text, against: text, log: text, patience: text, declines: text }
    const flags = {
      'no-regions': { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
    } as const
    return parseArgs({ args, options: { ...common, ...rest, ...flags } }).values
  })
  return {
    ...commonOf(values),
    rate: number('--rate', values.rate ?? '5', { most: 10_000 }),
    minutes: number('--minutes', values.minutes ?? '60', { most: 10_000 }),
    seed: number('--seed', values.seed ?? '1', { least: 0, most: 2 ** 32, whole: true }),
    against: optional('--against', values.against, { most: 1e6 }),
    patienceSeconds: optional('--patience', values.patience, { most: 1e6 }),
    declineShare: number('--declines', values.declines ?? '0', { least: 0, most: 1 }),
    hasRegions: !values['no-regions'],
    log: values.log ?? null,
    docs: values.docs,
  }
}

/** Reads the command line of `queue:replay`; throws a `UsageError`. */
export function readReplayOptions(args: string[]): ReplayOptions {
  const values = understood(() => parseArgs({ args, options: { ...common, log: text } }).values)
  if (!values.log) throw new UsageError('--log is missing: the file that QUEUE_LOG named')
  return { ...commonOf(values), log: values.log }
}

function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (fault) {
    throw new UsageError(fault instanceof Error ? fault.message : String(fault))
  }
}

type CommonValues = { [K in keyof typeof common]?: string | undefined }
function commonOf({ mode = '', teams, config, html = '', ...rest }: CommonValues): Common {
  if (mode === '') throw new UsageError('--mode is empty')
  const pointsPerSecond = optional('--points-per-second', rest['points-per-second'], { most: 1e6 })
  return { mode, pointsPerSecond, teams: shapeOf(teams), config: config ?? null, html }
}

function shapeOf(teams: string | undefined): Common['teams'] {
  if (teams === undefined) return null
  const [, count, size] = /^(\d{1,3})x(\d{1,3})$/.exec(teams) ?? []
  if (!Number(count) || !Number(size)) throw new UsageError(`--teams ${teams} is not of the form 2x5`)
  return { count: Number(count), size: Number(size) }
}

interface Bounds {
  least?: number
  most: number
  whole?: boolean
}
const optional = (flag: string, given: string | undefined, bounds: Bounds): number | null =>
  given === undefined ? null : number(flag, given, bounds)

function number(flag: string, given: string, { least, most, whole = false }: Bounds): number {
  const value = Number(given)
  const isLowEnough = least === undefined ? value > 0 : value >= least
  const isFine = given.trim() !== '' && isLowEnough && value <= most && (!whole || Number.isSafeInteger(value))
  if (isFine) return value
  throw new UsageError(`${flag} ${given} is not a ${whole ? 'whole ' : ''}number ${least ?? 'above 0'} to ${most}`)
}
