// Takes away one promise at a time in a copy of the project, and holds that at least one test turns red.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Mutation {
  takesAway: string
  file: string
  from: string
  to: string
  /** The tests that stand for it. */
  tests: string
}

const mutations: Mutation[] = [
  {
    takesAway: 'the fence in memory',
    file: 'src/stores/memory/match-store.ts',
    from: 'kept.epoch > epoch || kept.seq !== after',
    to: 'false',
    tests: 'test/stores/memory-match-store.test.ts',
  },
  {
    takesAway: 'the fence on disk',
    file: 'src/stores/sqlite/matches.ts',
    from: 'AND seq = ? AND epoch <= ?',
    to: 'AND (1 OR seq = ? OR epoch <= ?)',
    tests: 'test/stores/sqlite-match-store.test.ts',
  },
  {
    takesAway: 'ratings exactly once',
    file: 'src/stores/sqlite/match-store.ts',
    from: 'const isNew = !results.has(result.matchId)',
    to: 'const isNew = true',
    tests: 'test/stores/sqlite-ratings.test.ts',
  },
  {
    takesAway: 'the wait of a read for what it asks after',
    file: 'src/stores/sqlite/batch.ts',
    from: 'if (!before) return ask()',
    to: 'if (before !== undefined) return ask()',
    tests: 'test/stores/sqlite-reads.test.ts',
  },
  {
    takesAway: 'the look at ratings that moved meanwhile',
    file: 'src/stores/memory/match-store.ts',
    from: 'if (isNew && !ratings.areCurrent(result))',
    to: 'if (false)',
    tests: 'test/match/rated-matches.test.ts',
  },
  {
    takesAway: 'commit before tell',
    file: 'src/match/runtime/stored-match.ts',
    from: 'const stored = await this.#parts.store.commit(commit).catch(asStoreFault)',
    to: 'const stored = true as boolean | "outdated"\n    void this.#parts.store.commit(commit).catch(() => false)',
    tests: 'test/match/match-runtime.test.ts',
  },
  {
    takesAway: 'dedupe of commands',
    file: 'src/match/commands/checks.ts',
    from: 'if (before)',
    to: 'if (before && act.id === null)',
    tests: 'test/match/durable.test.ts',
  },
  {
    takesAway: 'the membership check',
    file: 'src/match/registry.ts',
    from: 'return seat && isTaken(seat) ? seat : null',
    to: 'return seat ?? runtime?.snapshot.context.seats[0] ?? null',
    tests: 'test/match/lifecycle.test.ts',
  },
  {
    takesAway: 'the schema check',
    file: 'src/protocol/reading.ts',
    from: 'if (parsed?.success)',
    to: 'if (!parsed?.success) return { ok: true, value: value as z.output<Schema> }\n  if (parsed.success)',
    tests: 'test/gateway/guard.test.ts',
  },
  {
    takesAway: 'hidden information',
    file: 'src/machines/match/match-view.ts',
    from: "if (line.type !== 'action') return line",
    to: 'return line',
    tests: 'test/match/rules.test.ts',
  },
  {
    takesAway: 'the wall between titles',
    file: 'src/title/keys.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    from: "createHmac('sha256', secret).update(`title:${id}`).digest('base64url')",
    to: 'secret',
    tests: 'test/titles.test.ts',
  },
  {
    takesAway: 'time added for an outage',
    file: 'src/machines/match/outages.ts',
    from: 'Math.max(at, instant + ms)',
    to: 'Math.max(at, instant)',
    tests: 'test/machines/match-machine.test.ts',
  },
]

function isGreen(root: string, tests: string[]): boolean {
  const options = { cwd: root, stdio: 'ignore', timeout: 240_000 } as const
  return spawnSync('npx', ['--no-install', 'vitest', 'run', ...tests], options).status === 0
}

function turnsRed(root: string, { file, from, to, tests }: Mutation): boolean {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} does not hold what is to be taken away: ${from}`)
  writeFileSync(path, text.replace(from, to))
  const isRed = !isGreen(root, [tests])
  writeFileSync(path, text)
  return isRed
}

const root = mkdtempSync(join(tmpdir(), 'muster-mutate-'))
try {
  for (const part of [
    'src',
    'test',
    'scripts',
    'docs',
    'demo',
    'package.json',
    'package-lock.json',
    'vitest.config.ts',
    'SPEC.md',
    'muster.config.ts',
    'tsconfig.json',
  ]) {
    cpSync(part, join(root, part), { recursive: true })
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
  if (
    !isGreen(
      root,
      mutations.map(({ tests }) => tests),
    )
  )
    throw new Error('the tests are red before anything is taken away')
  for (const mutation of mutations) {
    const isRed = turnsRed(root, mutation)
    console.log(`${isRed ? 'red  ' : 'GREEN'} without ${mutation.takesAway} (${mutation.tests})`)
    if (!isRed) process.exitCode = 1
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
