const texts = new WeakMap<object, string>()
const NOT_YET = ''

/** Marks what is told to many and does not change: wherever it stands in a reply, its JSON is made once. */
export function shared<T extends object>(value: T): T {
  if (!texts.has(value)) texts.set(value, NOT_YET)
  return value
}

/** A reply as JSON, with the parts of it that are shared as they were made before; null when it has none. */
export function jsonWithShared(reply: object): string | null {
  const fields = Object.entries(reply).filter(([, value]) => value !== undefined)
  if (!fields.some(([, value]) => isShared(value))) return null
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${jsonOf(value)}`).join(',')}}`
}

const isShared = (value: unknown): value is object => typeof value === 'object' && value !== null && texts.has(value)

function jsonOf(value: unknown): string {
  if (!isShared(value)) return JSON.stringify(value)
  const text = texts.get(value) || JSON.stringify(value)
  texts.set(value, text)
  return text
}
