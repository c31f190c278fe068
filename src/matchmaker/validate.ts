import { type Attribute, TicketError, type TickOptions, type Want } from './api.ts'

/** The last millisecond that a `Date` can hold. */
const END_OF_TIME = 8.64e15
// Up to this bound, sums and squares of ratings are exact enough.
const MAX_POINTS = 1e9
// The cost of a ticket grows with its fields, so their number and size are limited.
const MAX_FIELDS = 64
const MAX_VALUES = 256
const MAX_TEXT_CHARS = 1_024

export const isValidDuration = (ms: number): boolean => Number.isFinite(ms) && ms >= 0 && ms <= END_OF_TIME
export const isValidRating = (points: number): boolean => Number.isFinite(points) && Math.abs(points) <= MAX_POINTS

/** Throws a `RangeError` for an invalid instant, which would break the clock for good. */
export function checkInstant(now: number): number {
  if (isValidDuration(now)) return now
  throw new RangeError(`${now} is no instant: a number of milliseconds from 0 to ${END_OF_TIME}`)
}

/** Throws a `RangeError` unless the limits of a tick are numbers from 0. */
export function checkBounds({ maxWork = 0, maxMatches = 0 }: TickOptions): void {
  if (maxWork >= 0 && maxMatches >= 0) return
  throw new RangeError(`maxWork ${maxWork}, maxMatches ${maxMatches}: these are numbers from 0`)
}

interface Asking {
  id: string
  attributes?: Readonly<Record<string, Attribute>>
  wants?: Readonly<Record<string, Want>>
}
/** Throws a `TicketError` for attributes and wants that are too many or have invalid values. */
export function checkAttributes({ id, attributes, wants }: Asking): void {
  if (attributes) checkFields(id, Object.values(attributes), isValue)
  if (wants) checkFields(id, Object.values(wants), isWant)
}

function checkFields<T>(id: string, values: T[], isValid: (value: T) => boolean): void {
  if (values.length <= MAX_FIELDS && values.every(isValid)) return
  throw new TicketError('attributes', `${id}: attributes are at most ${MAX_FIELDS} texts, finite numbers or booleans`)
}

function isWant(want: Want): boolean {
  if (isList(want)) return want.length <= MAX_VALUES && want.every(isValue)
  if (typeof want !== 'object') return isValue(want)
  return want !== null && isBound(want.min) && isBound(want.max)
}
const isList = (want: Want): want is readonly Attribute[] => Array.isArray(want)
const isBound = (bound: number | undefined): boolean => bound === undefined || Number.isFinite(bound)

function isValue(value: Attribute): boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT_CHARS
  return typeof value === 'boolean' || Number.isFinite(value)
}
