import { expect, test } from 'vitest'
import { jsonWithShared, shared } from '../../src/protocol/shared-json.ts'

test('[MT72] a reply with a shared part is the JSON that it would be without', () => {
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

test('a reply that shares nothing is left to the ordinary encoder', () => {
  expect(jsonWithShared({ ok: true, match: { seats: [] } })).toBeNull()
})
