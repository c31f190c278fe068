// Deeper than any game's state, and shallow enough to end on a cycle.
const MAX_DEPTH = 64

type Path = string
interface PlainObject {
  [key: string]: unknown
}

/**
 * A copy of a value that is the same after a trip through JSON, with nothing of the original in it. `name` is what the
 * value is called in a fault: `act: state.deck[3] is a Date`. Throws a `TypeError` for everything that JSON would
 * change, drop or refuse: Promise, Map, Date, class instance, function, undefined, bigint, symbol, NaN, a cycle.
 */
export function plainJson(value: unknown, name: Path, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${name} is ${value}`)
      // JSON has no negative zero.
      return value === 0 ? 0 : value
    case 'object':
      break
    default:
      throw new TypeError(`${name} is ${nameOf(value)}`)
  }
  if (value === null) return null
  if (depth >= MAX_DEPTH) throw new TypeError(`${name} is nested too deeply, or holds itself`)
  if (Array.isArray(value)) return Array.from(value, (item, n) => plainJson(item, `${name}[${n}]`, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    // Nobody else would ever look at how it ends.
    if (value instanceof Promise) value.catch(() => {})
    throw new TypeError(`${name} is ${nameOf(value)}`)
  }
  const copy: PlainObject = {}
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw new TypeError(`${name} has a key __proto__`)
    copy[key] = plainJson((value as PlainObject)[key], pathOf(name, key), depth + 1)
  }
  return copy
}

const pathOf = (name: Path, key: string): Path =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${name}.${key}` : `${name}[${JSON.stringify(key)}]`

function nameOf(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  const kind = (value.constructor as { name?: string } | undefined)?.name || 'object with a prototype'
  return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`
}
