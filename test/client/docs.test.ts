import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { chatRequests, lobbyRequests, partyRequests, peopleRequests, queueRequests } from '../../src/client/requests.ts'
import { match, relay } from '../../src/protocol/events/match.ts'

const page = readFileSync('docs/sdk.md', 'utf8')
const groups = {
  queue: queueRequests,
  lobbies: lobbyRequests,
  party: partyRequests,
  chat: chatRequests,
  people: peopleRequests,
}

test('[SD10] docs/sdk.md lists every method with its request', () => {
  const methods = Object.entries(groups).flatMap(([group, table]) =>
    Object.entries(table).map(([method, event]) => `| \`${group}.${method}\` | \`${event}\` |`),
  )
  const inRoom = [...Object.keys(match.requests), relay.event].filter((event) => event !== 'match:join')
  const ofRoom = inRoom.map((event) => `| \`${event.replace('match:', 'room.')}\` | \`${event}\` |`)
  const rows = page.split('\n')
  for (const row of [...methods, ...ofRoom]) expect(rows).toContain(row)
})

test('[SD10] the code of docs/sdk.md and docs/rules.md type-checks', async () => {
  // Within the repository, where the packages are found.
  mkdirSync('dist', { recursive: true })
  const folder = mkdtempSync(resolve('dist/docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const blocks = [page, readFileSync('docs/rules.md', 'utf8')].flatMap((text) =>
    [...text.matchAll(/^```(tsx?)\n(.*?)^```/gms)].map(([, ending = '', code = '']) => ({ ending, code })),
  )
  expect(blocks.length).toBeGreaterThan(4)
  const files = blocks.map(({ ending, code }, n) => {
    writeFileSync(join(folder, `block-${n}.${ending}`), code)
    return `block-${n}.${ending}`
  })
  const compilerOptions = { lib: ['es2025', 'dom'], types: [], jsx: 'react-jsx', noUnusedLocals: false }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions, files, include: [] }),
  )
  const tsc = promisify(execFile)(resolve('node_modules/.bin/tsc'), ['-p', folder])
  expect(await tsc.catch(({ stdout }) => ({ stdout }))).toMatchObject({ stdout: '' })
})
