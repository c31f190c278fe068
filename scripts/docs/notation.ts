import * as z from 'zod'

interface JsonSchema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  prefixItems?: JsonSchema[]
  description?: string
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

/** The shapes with a name that were written so far, by name; each is written out once. */
export const shapes = new Map<string, string>()

/** A schema as a reader of TypeScript would write it; a shape with a name by its name. */
export const notationOf = (schema: z.ZodType): string => write(read(schema))

/** The arguments of an event, as in a function's head. */
export function argumentsOf(args: z.ZodTuple): string {
  const { prefixItems = [] } = read(args)
  const written = prefixItems.map((item) => (item.description ? `${item.description}: ${write(item)}` : write(item)))
  return written.join(', ')
}

function read(schema: z.ZodType): JsonSchema {
  const { id, $defs = {}, ...root } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema & { id?: string }
  for (const [name, shape] of Object.entries($defs)) if (!shapes.has(name)) shapes.set(name, write(shape))
  if (id === undefined) return root
  shapes.set(id, write(root))
  return { $ref: id }
}

function write(schema: JsonSchema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? ''
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const variants = schema.anyOf ?? schema.oneOf
  if (variants) return variants.map(write).join(' | ')
  if (schema.type === 'array') return `${grouped(write(schema.items ?? {}))}[]`
  if (schema.type === 'object') return writeObject(schema)
  if (schema.type === 'integer') return 'integer'
  return schema.type ?? 'any JSON'
}

function writeObject({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(
    ([name, value]) => `${name}${required.includes(name) ? '' : '?'}: ${write(value)}`,
  )
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

const grouped = (text: string): string => (text.includes(' | ') ? `(${text})` : text)
