import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorsPage } from '../../scripts/docs/errors-page.ts'
import { protocolPage } from '../../scripts/docs/protocol-page.ts'
import { type ErrorCode, errors } from '../../src/protocol/errors.ts'
import { admin } from '../../src/protocol/events/admin.ts'
import { lobby } from '../../src/protocol/events/lobby.ts'
import { match } from '../../src/protocol/events/match.ts'
import { refuse } from '../../src/protocol/reply.ts'

test('the docs list exactly the refusals of the catalogue', () => {
  const documented = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
    ([, code]) => code,
  )
  expect(documented).toEqual(Object.keys(errors))
})

test('the references are current', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage())
  expect(readFileSync('docs/protocol.md', 'utf8')).toBe(protocolPage())
})

test('every event is in the reference', () => {
  const page = readFileSync('docs/protocol.md', 'utf8')
  for (const { requests, pushes } of [lobby, match, admin]) {
    for (const event of [...Object.keys(requests), ...Object.keys(pushes)]) expect(page).toContain(`#### \`${event}\``)
  }
})

test('the message of a refusal is a whole sentence', () => {
  for (const code of Object.keys(errors) as ErrorCode[]) expect(refuse(code).error.message, code).toMatch(/^[A-Z].*\.$/)
})

test('no event has a reserved name of Socket.IO', () => {
  for (const { requests, pushes } of [lobby, match, admin]) {
    for (const event of [...Object.keys(requests), ...Object.keys(pushes)]) {
      expect(['error', 'connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener']).not.toContain(event)
    }
  }
})
