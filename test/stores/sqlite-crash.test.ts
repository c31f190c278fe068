import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { StoreLockedError } from '../../src/stores/sqlite/errors.ts'
import { freshDirectory, openStore } from './sqlite-support.ts'

const STORE = new URL('../../src/stores/sqlite/stores.ts', import.meta.url).href

// Commits lines of twenty matches side by side until it is killed, and prints each commit.
const PLAYING = `
  import { readFileSync } from 'node:fs'
  import { openSqliteStores } from '${STORE}'
  const log = { error: (fields, phrase) => console.log(phrase) }
  const { store } = await openSqliteStores({ directory: process.argv[1], log })
  // POSIX: closing a file releases all locks of the process on it.
  readFileSync(process.argv[1] + '/muster.db')
  const { matches } = await store.load()
  const on = new Map(matches.map(({ matchId, seq }) => [matchId, seq]))
  for (let n = 0; n < 20; n += 1) void play('m' + n)
  async function play(matchId) {
    for (let after = on.get(matchId) ?? 0; ; after += 1) {
      const line = { matchId, epoch: 1, seq: after + 1, at: 0, type: 'player.back', seat: 0 }
      const stored = await store.commit({ matchId, epoch: 1, after, snapshot: { after }, lines: [line] })
      console.log(stored ? 'committed ' + matchId + ' ' + line.seq : 'refused')
    }
  }
`

function startPlaying(directory: string): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PLAYING, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Kills the process after this many commits, and returns all commits that it printed. */
async function killAfter(child: ReturnType<typeof startPlaying>, commits: number): Promise<string[]> {
  const told: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(line)
    if (told.length === commits) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return told
}

test('a process killed while committing loses nothing that was committed', async () => {
  const directory = freshDirectory()
  for (const commits of [500, 1_500, 700]) {
    const told = await killAfter(startPlaying(directory), commits)
    expect(told.filter((line) => !line.startsWith('committed'))).toEqual([])
    const { store, errors } = await openStore(directory)
    const { matches, damaged } = await store.load()
    expect({ damaged, errors }).toEqual({ damaged: [], errors: [] })
    const stored = new Map(matches.map(({ matchId, seq }) => [matchId as string, seq]))
    for (const [, matchId = '', seq] of told.map((line) => line.split(' '))) {
      expect(stored.get(matchId)).toBeGreaterThanOrEqual(Number(seq))
    }
    for (const { matchId, seq, snapshot } of matches) {
      expect(snapshot).toEqual({ after: seq - 1 })
      expect(await store.tail(matchId, 0)).toHaveLength(seq)
    }
    await store.close()
  }
})

test('a directory in use by another process is refused until that process ends', async () => {
  const directory = freshDirectory()
  const child = startPlaying(directory)
  await once(child.stdout, 'data')
  await expect(openStore(directory)).rejects.toThrow(StoreLockedError)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const { store, errors } = await openStore(directory)
  expect((await store.load()).matches).not.toEqual([])
  expect(errors).toEqual([])
})
