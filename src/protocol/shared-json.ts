const texts = new WeakMap<object, string>()
const NOT_YET = ''

/** Marks an immutable value that many replies contain, so that its JSON is made once. */
export function shared<T extends object>(value: T): T {
  if (!texts.has(value)) texts.set(value, NOT_YET)
  return value
}

/** A reply as JSON that reuses the JSON of its shared fields; null when it has none. */
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
