import { expect, test } from 'vitest'
import { jsonWithShared, shared } from '../../src/protocol/shared-json.ts'

test('[MT72] the JSON of a reply is the same with and without a shared part', () => {
  const match = shared({ seats: [{ name: 'Łódź "1"' }], host: null, gone: undefined })
  const reply = { ok: true, match, you: { seat: 3 }, since: undefined, events: [] }
  expect(jsonWithShared(reply)).toBe(JSON.stringify(reply))
  expect(jsonWithShared({ match })).toBe(JSON.stringify({ match }))
})

test('[MT72] a shared part is encoded once', () => {
  let times = 0
  const match = shared({
    toJSON() {
      times += 1
      return { seats: [] }
    },
  })
  expect([1, 2, 3].map((seq) => jsonWithShared({ match, seq }))).toEqual(
    [1, 2, 3].map((seq) => `{"match":{"seats":[]},"seq":${seq}}`),
  )
  expect(times).toBe(1)
})

test('a reply without a shared part uses the ordinary encoder', () => {
  expect(jsonWithShared({ ok: true, match: { seats: [] } })).toBeNull()
})
