import type * as z from 'zod'
import { type Accepted, type Refusal, refuse } from './reply.ts'

/** Parses a received value with a schema; the refusal names the first field that does not match. */
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

// Zod compares the `length` of any value that has one, also of an object in place of a text. Zod throws when that length
// is itself an object with its own `toString`.
function parse<Schema extends z.ZodType>(schema: Schema, value: unknown) {
  try {
    return schema.safeParse(value)
  } catch {
    return null
  }
}
