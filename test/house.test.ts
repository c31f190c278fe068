import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** The floors of the house, from the ground up: a file imports from its own floor or from below. */
const FLOORS: [floor: string, files: RegExp][] = [
  ['ground', /^src\/(protocol\/|(ports|walls)\.ts|outage\.ts|modes\.ts|rules\.ts|lobby\/queue-log-line\.ts)/],
  [
    'pure',
    /^src\/(machines\/|games\/|lobby\/matchmaker\/|lobby\/(parties\/party|chat\/histories)\.ts|match\/seats\.ts|lobby\/lobbies\/(custom-lobby|coming-and-going|agreeing|views|filter|listing)\.ts)/,
  ],
  [
    'use-cases',
    /^src\/((lobby|match)\/(?!namespace|rooms|relay|wire|sandbox|matchmaker)|lobby\/(queue|lobbies|parties|people|chat)\/(?!rooms|handlers))[^/]+$/,
  ],
  [
    'shells',
    /^src\/(stores\/|door\/|http\/|admin\/|(lobby|match)\/(namespace(-people)?|rooms|relay|wire|sandbox)\.ts|lobby\/lobbies\/(rooms|handlers)\.ts)/,
  ],
  [
    'settings',
    /^src\/(config|config-file|env|places|misspelt|terminal|ambient|steady-clock|service-time|shipped|watchdog|watchdog-worker|last-resort)\.ts/,
  ],
  ['title', /^src\/title(s|-world|-parts|-keys)?\.ts/],
  ['server', /^src\/server\.ts/],
  ['main', /^src\/(main|backup|restore)\.ts/],
]
/** Beside the house: what users have, and where the queue is tried out. */
const OUTSIDE = /^src\/(client|bots|lab)\/|^demo\//
/** Of the laboratory, what meets the outside world. */
const LAB_SHELL = /^src\/lab\/(simulate|replay|setup|options)\.ts/

const floorOf = (file: string): number => FLOORS.findIndex(([, files]) => files.test(file))

/** Why one file may not import another (or a package), or null. */
function breach(file: string, imported: string): string | null {
  const isOurs = imported.startsWith('src/') || imported.startsWith('demo/')
  if (/^src\/bots\//.test(file) && isOurs && !/^src\/(bots|client)\//.test(imported))
    return 'bots lean on the client alone'
  if (/^demo\//.test(file) && isOurs && !/^(demo|src\/client)\//.test(imported))
    return 'the demo leans on the client alone'
  if (/^src\/client\//.test(file) && isOurs && !/^src\/(client|protocol)\//.test(imported))
    return 'the client leans on the protocol alone'
  if (/^src\/lab\//.test(file) && !LAB_SHELL.test(file)) {
    if (LAB_SHELL.test(imported) || !isOurs) return 'the laboratory is pure but for its shell'
    if (!/^src\/lab\//.test(imported) && ![0, 1].includes(floorOf(imported)))
      return 'the laboratory leans on the lower floors'
  }
  if (OUTSIDE.test(file)) return null
  if (OUTSIDE.test(imported)) return 'the house does not know its users'
  if (/^src\/lobby\//.test(file) && /^src\/match\//.test(imported)) return 'lobby and match meet only in title-world.ts'
  if (/^src\/match\//.test(file) && /^src\/lobby\//.test(imported)) return 'lobby and match meet only in title-world.ts'
  if (isOurs && floorOf(imported) > floorOf(file))
    return `${FLOORS[floorOf(file)]?.[0]} may not know ${FLOORS[floorOf(imported)]?.[0]}`
  if (floorOf(file) <= 1 && !isOurs && !['zod', 'xstate'].includes(imported))
    return `no ${imported} on the lower floors`
  if (/^src\/protocol\//.test(file) && imported === 'xstate') return 'the ground floor is for browsers too'
  if (floorOf(file) === 2 && /^(socket\.io|node:|redis|pino)/.test(imported)) return `use-cases know no ${imported}`
  return null
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const specifiers = [
    ...text.matchAll(/^(?:import|export)[^'"]*?from '([^']+)'|^import '([^']+)'|import\('([^']+)'\)/gm),
  ]
  return specifiers.map(([, a, b, c]) => {
    const specifier = a ?? b ?? c ?? ''
    return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
  })
}

const files = globSync(['src/**/*.ts', 'demo/**/*.ts']).filter((file) => !file.endsWith('.config.ts'))

test('[OP5] every file stands on a floor', () => {
  for (const file of files) expect(OUTSIDE.test(file) || floorOf(file) >= 0, file).toBe(true)
})

test('[OP5] imports follow the floors', () => {
  const breaches = files.flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const why = breach(file, imported)
      return why ? [`${file} imports ${imported}: ${why}`] : []
    }),
  )
  expect(breaches).toEqual([])
})

test.each([
  ['src/protocol/lobby.ts', 'src/match/seats.ts'],
  ['src/protocol/ids.ts', 'node:crypto'],
  ['src/protocol/ids.ts', 'xstate'],
  ['src/machines/match-step.ts', 'src/match/matches.ts'],
  ['src/machines/match-step.ts', 'socket.io'],
  ['src/match/matches.ts', 'src/match/rooms.ts'],
  ['src/match/matches.ts', 'src/stores/memory-match-store.ts'],
  ['src/match/match-runtime.ts', 'node:timers'],
  ['src/lobby/namespace.ts', 'src/match/matches.ts'],
  ['src/match/namespace.ts', 'src/lobby/queue.ts'],
  ['src/match/matches.ts', 'src/admin/office.ts'],
  ['src/admin/office.ts', 'src/title.ts'],
  ['src/http/app.ts', 'src/server.ts'],
  ['src/title.ts', 'src/server.ts'],
  ['src/bots/bot.ts', 'src/protocol/lobby.ts'],
  ['src/client/client.ts', 'src/server.ts'],
  ['src/server.ts', 'src/client/client.ts'],
  ['demo/main.ts', 'src/protocol/lobby.ts'],
  ['src/lab/run.ts', 'src/lobby/queue.ts'],
  ['src/lab/run.ts', 'src/lab/setup.ts'],
  ['src/lab/page.ts', 'node:fs'],
  ['src/lobby/queue.ts', 'src/lab/run.ts'],
])('[OP5] a breach is caught: %s may not import %s', (file, imported) => {
  expect(breach(file, imported)).not.toBeNull()
})

test('time, ids and randomness come in through the ports', () => {
  const ambient =
    /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bnanoid\(|\brandomUUID\(|\bperformance\.now\(/
  const allowed = /^src\/(ambient|main|watchdog-worker)\.ts$|^src\/(client|bots)\//
  for (const file of files.filter((name) => name.startsWith('src/') && !allowed.test(name))) {
    expect(readFileSync(file, 'utf8'), file).not.toMatch(ambient)
  }
})

test('[MT16] no machine uses after: it would not fire again after a restart', () => {
  for (const file of globSync('src/machines/**/*.ts')) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bafter:/)
})
