import fc from 'fast-check'
import { expect, test } from 'vitest'
import type * as z from 'zod'
import { admin } from '../../src/protocol/events/admin.ts'
import { lobby } from '../../src/protocol/events/lobby.ts'
import { match, relay } from '../../src/protocol/events/match.ts'
import { readAs } from '../../src/protocol/reading.ts'
import { startWorld } from '../support/world.ts'

const HOSTILE: unknown[] = [
  { length: { toString: 1 } },
  { length: { valueOf: 1, toString: 1 } },
  { size: { toString: 1 } },
  { length: 5, normalize: 1, trim: 1 },
  { toString: 1, valueOf: 1 },
  JSON.parse('{"then": 1}'),
  { _zod: {}, success: true, data: {} },
  { hasOwnProperty: 1, constructor: 1 },
  [{ length: { toString: 1 } }],
  [[], {}],
  { 0: 'a', length: 1 },
  null,
  true,
  0,
  -1,
  0.5,
  1e300,
  2 ** 53 + 2,
  '',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
  [],
  {},
]
const hostile = () => fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 3 }))

/** The fields of a request, of all members of a union. */
function fieldsOf(schema: z.ZodType): string[] {
  const { shape, options } = schema as unknown as { shape?: object; options?: z.ZodType[] }
  return [...Object.keys(shape ?? {}), ...(options ?? []).flatMap(fieldsOf)]
}

/** Fields whose values the game defines. */
const FREE = ['data', 'value', 'settings']

/** Requests with the right fields and hostile values. */
const requestOf = (fields: readonly string[]) =>
  fc.record(Object.fromEntries([...new Set(fields)].map((field) => [field, hostile()])), { requiredKeys: [] })

const requests = [lobby, match, admin].flatMap(({ name, requests: specs }) =>
  Object.entries(specs).map(([event, { payload }]) => ({ name, event, payload: payload as z.ZodType })),
)

test('[DR24] any schema reads any value without throwing', () => {
  for (const { payload } of requests) {
    fc.assert(
      fc.property(fc.oneof(hostile(), requestOf(fieldsOf(payload))), (value) => void readAs(payload, value)),
      {
        numRuns: 200,
      },
    )
  }
  fc.assert(fc.property(hostile(), (value) => void readAs(relay.to, value)))
})

test('[DR24] an object with an incomparable length is BAD_REQUEST in every field of every request', async () => {
  const world = await startWorld({ env: { ADMIN_TOKEN: 'the token of those who run it' } })
  const { group } = await world.playing('ann', 'bob')
  const lines = { '/lobby': group[0].lobby, '/match': group[0].match, '/admin': (await world.operator()).admin }
  for (const { name, event, payload } of requests) {
    for (const field of fieldsOf(payload)) {
      await world.clock.advance(10)
      const reply = await lines[name as keyof typeof lines].emitWithAck(event, { [field]: { length: { toString: 1 } } })
      expect(reply, `${event} ${field}`).not.toMatchObject({ error: { code: 'INTERNAL' } })
      if (!FREE.includes(field)) expect(reply, `${event} ${field}`).toMatchObject({ error: { code: 'BAD_REQUEST' } })
    }
  }
  for (const to of [{ length: { toString: 1 } }, [{ length: { toString: 1 } }], { toString: 1 }]) {
    expect(await group[0].match.emitWithAck('match:send', 1, to)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
    group[0].match.emit('match:send', 1, to)
    expect(await group[0].hears('refused')).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  }
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
})

test('[DR24] no request with any value is answered with INTERNAL', async () => {
  const world = await startWorld({ env: { ADMIN_TOKEN: 'the token of those who run it' } })
  const { group } = await world.playing('ann', 'bob')
  const lines = { '/lobby': group[0].lobby, '/match': group[0].match, '/admin': (await world.operator()).admin }
  const asked = fc.constantFrom(...requests).chain(({ name, event, payload }) =>
    fc.record({
      name: fc.constant(name as keyof typeof lines),
      event: fc.constant(event),
      value: fc.oneof(hostile(), { arbitrary: requestOf(fieldsOf(payload)), weight: 4 }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(asked, async ({ name, event, value }) => {
      await world.clock.advance(100)
      const line = lines[name]
      if (!line.connected) return
      const reply = await line.emitWithAck(event, value)
      expect(reply).toHaveProperty('ok')
      expect(reply).not.toMatchObject({ error: { code: 'INTERNAL' } })
    }),
    { numRuns: 1_500, endOnFailure: true },
  )
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
})
