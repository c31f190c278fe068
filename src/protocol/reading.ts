import type * as z from 'zod'
import { type Accepted, type Refusal, refuse } from './reply.ts'

/** Reads a value that came off the wire as what a schema describes; the refusal says where it is something else. */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): Accepted<{ value: z.output<Schema> }> | Refusal {
  const parsed = parse(schema, value)
  if (parsed?.success) return { ok: true, value: parsed.data }
  const [issue] = parsed?.error.issues ?? []
  const because = [issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')
  return refuse('BAD_REQUEST', { because: because.slice(0, 160) })
}

// Zod compares the `length` of whatever has one, also of an object where a text was expected. A length that is itself
// an object with a `toString` of its own cannot be compared, and throws.
function parse<Schema extends z.ZodType>(schema: Schema, value: unknown) {
  try {
    return schema.safeParse(value)
  } catch {
    return null
  }
}
