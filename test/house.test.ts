import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const GROUND = ['ports', 'util', 'protocol', 'config', 'games']
const SERVICES = [...GROUND, 'machines', 'matchmaker', 'lobby', 'match', 'admin']
const EDGES = [...SERVICES, 'gateway', 'stores', 'http', 'system', 'settings']

/** What each folder of `src/` may import beside itself, from the ground up. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  ports: ['protocol'],
  protocol: [],
  util: ['ports', 'protocol'],
  config: ['ports', 'protocol', 'games'],
  games: ['config'],
  machines: GROUND,
  matchmaker: [],
  lobby: [...GROUND, 'machines', 'matchmaker'],
  match: [...GROUND, 'machines'],
  admin: [...GROUND, 'lobby', 'match'],
  gateway: [...GROUND, 'lobby', 'match', 'admin'],
  stores: [...GROUND, 'machines', 'lobby', 'match'],
  http: ['ports', 'gateway'],
  system: GROUND,
  settings: ['config', 'gateway', 'system'],
  title: EDGES,
  server: [...EDGES, 'title'],
  index: [...EDGES, 'server'],
  main: [...EDGES, 'server'],
  cli: [...EDGES, 'main'],
  client: ['protocol'],
}
/** Packages and parts of Node that a folder may use; folders that are not named may use any. */
const MAY_USE: Record<string, readonly string[]> = {
  ports: [],
  protocol: ['zod'],
  util: ['zod'],
  config: ['zod'],
  games: [],
  machines: ['zod', 'xstate'],
  matchmaker: [],
  lobby: ['zod', 'nanoid'],
  match: ['zod', 'openskill'],
  client: ['socket.io-client', 'react'],
}
/** What stands outside of `src/`, and has what a user has. */
const USERS: Record<string, RegExp> = {
  demo: /^(demo|src\/client)\//,
  'tools/bots': /^(tools\/bots|src\/client)\//,
}
/** The harness for rules has what rules run in. */
const HARNESS = /^(tools\/testing|src\/(machines|config|games|protocol|util))\/|^src\/ports\.ts/
/** The pure part of the laboratory: it tries the matchmaker out on made-up arrivals. */
const LAB = /^(tools\/lab|src\/(matchmaker|config|protocol|util|games))\/|^src\/ports\.ts/
/** Of the laboratory, the commands that read files and print. */
const LAB_COMMANDS = /^tools\/lab\/(simulate|replay|setup|options)\.ts/

/** Beyond this a folder is two. */
const MOST_FILES = 15

const folderOf = (file: string): string => file.replace(/^src\//, '').replace(/(\/.*|\.ts)$/, '')

/** Why one file may not import another (or a package), or null. */
function breach(file: string, imported: string): string | null {
  const isOurs = /^(src|demo|tools)\//.test(imported)
  for (const [user, has] of Object.entries(USERS)) {
    if (file.startsWith(`${user}/`) && isOurs && !has.test(imported)) return `${user} has what a user has`
  }
  if (file.startsWith('tools/testing/') && isOurs && !HARNESS.test(imported))
    return 'the harness knows the machines alone'
  if (file.startsWith('tools/lab/') && !LAB_COMMANDS.test(file)) {
    if (LAB_COMMANDS.test(imported) || !isOurs) return 'the laboratory is pure, its commands apart'
    if (!LAB.test(imported)) return 'the laboratory knows the matchmaker alone'
  }
  if (!file.startsWith('src/')) return null
  const folder = folderOf(file)
  if (!isOurs) {
    const allowed = MAY_USE[folder]
    return !allowed || allowed.includes(imported) ? null : `${folder} uses no ${imported}`
  }
  if (file === 'src/cli/commands.ts' && /^tools\/(bots|lab)\//.test(imported)) return null
  if (!imported.startsWith('src/')) return 'src/ holds what runs in production and nothing else'
  const other = folderOf(imported)
  return other === folder || MAY_IMPORT[folder]?.includes(other) ? null : `${folder} may not import ${other}`
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

const files = globSync(['src/**/*.ts', 'tools/**/*.ts', 'demo/**/*.ts']).filter((file) => !file.endsWith('.config.ts'))

test('[OP5] every file of src/ is in a folder of the layout', () => {
  for (const file of files.filter((name) => name.startsWith('src/')))
    expect(MAY_IMPORT, file).toHaveProperty([folderOf(file)])
})

test('[OP5] imports follow the layout', () => {
  const breaches = files.flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const why = breach(file, imported)
      return why ? [`${file} imports ${imported}: ${why}`] : []
    }),
  )
  expect(breaches).toEqual([])
})

test('[OP5] no import cycles', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file).filter((imported) => files.includes(imported))]))
  const done = new Set<string>()
  const cycles: string[] = []
  function walk(file: string, path: readonly string[]): void {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file) || path.includes(file)) return
    for (const imported of graph.get(file) ?? []) walk(imported, [...path, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  expect(cycles).toEqual([])
})

test('[OP5] a folder holds at most fifteen files', () => {
  const counts = new Map<string, number>()
  for (const file of files.filter((name) => name.startsWith('src/')))
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([])
})

test.each([
  ['src/protocol/events/lobby.ts', 'src/machines/match/seats.ts'],
  ['src/protocol/ids.ts', 'node:crypto'],
  ['src/protocol/ids.ts', 'xstate'],
  ['src/machines/match/match-step.ts', 'src/match/matches.ts'],
  ['src/machines/match/match-step.ts', 'socket.io'],
  ['src/matchmaker/matchmaker.ts', 'src/protocol/ids.ts'],
  ['src/match/matches.ts', 'src/gateway/match/rooms.ts'],
  ['src/match/matches.ts', 'src/stores/memory/match-store.ts'],
  ['src/match/runtime/match-runtime.ts', 'node:timers'],
  ['src/lobby/queue/queue.ts', 'src/match/matches.ts'],
  ['src/match/join.ts', 'src/lobby/queue/queue.ts'],
  ['src/match/matches.ts', 'src/admin/operator-service.ts'],
  ['src/admin/operator-service.ts', 'src/title/title.ts'],
  ['src/http/app.ts', 'src/server.ts'],
  ['src/title/title.ts', 'src/server.ts'],
  ['src/stores/open-stores.ts', 'src/gateway/guard/guard.ts'],
  ['src/client/client.ts', 'src/server.ts'],
  ['src/server.ts', 'src/client/client.ts'],
  ['src/server.ts', 'tools/bots/bot.ts'],
  ['tools/bots/bot.ts', 'src/protocol/events/lobby.ts'],
  ['demo/main.ts', 'src/protocol/events/lobby.ts'],
  ['tools/lab/run.ts', 'src/lobby/queue/queue.ts'],
  ['tools/lab/run.ts', 'tools/lab/setup.ts'],
  ['tools/lab/page.ts', 'node:fs'],
  ['src/lobby/queue/queue.ts', 'tools/lab/run.ts'],
])('[OP5] a breach is caught: %s may not import %s', (file, imported) => {
  expect(breach(file, imported)).not.toBeNull()
})

test('time, ids and randomness come from the ports', () => {
  const ambient =
    /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bnanoid\(|\brandomUUID\(|\bperformance\.now\(/
  const allowed = /^src\/(system\/(system|watchdog-worker)|main|cli\/dev)\.ts$|^src\/client\//
  for (const file of files.filter((name) => name.startsWith('src/') && !allowed.test(name))) {
    expect(readFileSync(file, 'utf8'), file).not.toMatch(ambient)
  }
})

test('[MT16] no machine uses after, which would not fire again after a restart', () => {
  for (const file of globSync('src/machines/**/*.ts')) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bafter:/)
})
