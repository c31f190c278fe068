// Deeper than any game's state, and shallow enough to end on a cycle.
const MAX_DEPTH = 64
// Approximate sizes: quotes, colon, comma and brackets of a value; a number.
const WEIGHT = 3
const NUMBER_WEIGHT = 8

/** A place in a value, written out only for a fault. `key` changes while the children of `of` are copied. */
interface Path {
  of: Path | null
  key: string | number
}
interface PlainObject {
  [key: string]: unknown
}

/** How many characters of JSON a value may still have; a number counts 8. */
interface Room {
  left: number
}

/**
 * Makes a deep copy of a value that JSON keeps as it is. `name` stands for the value in a fault:
 * `act: state.deck[3] is a Date`. Throws a `TypeError` for everything that JSON would change, drop or refuse (Promise,
 * Map, Date, class instance, function, undefined, bigint, symbol, NaN, a cycle), and for more than `maxChars` characters
 * of JSON.
 */
export function plainJson(value: unknown, name: string, maxChars: number): unknown {
  const room = { left: maxChars }
  const copy = copyOf(value, { of: null, key: name }, 0, room)
  if (room.left < 0) throw new TypeError(`${name} is too large: it has more than ${maxChars} characters as JSON`)
  return copy
}

/** Whether `value` has the same JSON as `plain`, which must be plain JSON. */
export function isSameJson(plain: unknown, value: unknown): boolean {
  if (plain === value) return true
  if (typeof plain !== 'object' || typeof value !== 'object' || plain === null || value === null) return false
  if (Array.isArray(plain)) {
    return Array.isArray(value) && value.length === plain.length && plain.every((item, n) => isSameJson(item, value[n]))
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  const keys = Object.keys(plain)
  const isSame = (key: string) =>
    Object.hasOwn(value, key) && isSameJson((plain as PlainObject)[key], (value as PlainObject)[key])
  return Object.keys(value).length === keys.length && keys.every(isSame)
}

function copyOf(value: unknown, path: Path, depth: number, room: Room): unknown {
  room.left -= WEIGHT
  if (typeof value === 'string') {
    room.left -= value.length
    return value
  }
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${written(path)} is ${value}`)
    room.left -= NUMBER_WEIGHT - WEIGHT
    // JSON has no negative zero.
    return value === 0 ? 0 : value
  }
  if (typeof value !== 'object') throw new TypeError(`${written(path)} is ${nameOf(value)}`)
  if (value === null || room.left < 0) return null
  if (depth >= MAX_DEPTH) throw new TypeError(`${written(path)} is nested too deeply, or holds itself`)
  const here: Path = { of: path, key: '' }
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    for (let n = 0; n < value.length; n += 1) {
      here.key = n
      copy.push(copyOf(value[n], here, depth + 1, room))
    }
    return copy
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    // Avoids an unhandled rejection.
    if (value instanceof Promise) value.catch(() => {})
    throw new TypeError(`${written(path)} is ${nameOf(value)}`)
  }
  const copy: PlainObject = {}
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new TypeError(`${written(path)} has a key __proto__`)
    room.left -= key.length + WEIGHT
    here.key = key
    copy[key] = copyOf((value as PlainObject)[key], here, depth + 1, room)
  }
  return copy
}

function written({ of, key }: Path): string {
  if (of === null) return String(key)
  const isWord = typeof key === 'string' && /^[A-Za-z_$][\w$]*$/.test(key)
  return isWord ? `${written(of)}.${key}` : `${written(of)}[${JSON.stringify(key)}]`
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  const kind = (value.constructor as { name?: string } | undefined)?.name || 'object with a prototype'
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`
}
