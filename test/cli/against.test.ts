import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type Muster } from '../../src/client/client.ts'
import { startProcess } from '../support/process.ts'
import { muster } from '../support/run.ts'

/** A config whose mode has these rules; each version of a rule is a piece of code. */
const config = ({ act = 'ok', view = 'state' }) => `
const ok = (state, { data }) => ({ sum: state.sum + data })
const stricter = (state, { data }) => (data > 1 ? { refuse: 'ILLEGAL_ACTION' } : { sum: state.sum + data })
const double = (state, { data }) => ({ sum: state.sum + 2 * data })
const failing = () => { throw new Error('no such card') }
export default {
  modes: [{ id: 'sum', teams: { count: 2, size: 1 }, countdownMs: 0,
    rules: { setup: () => ({ sum: 0 }), act: ${act}, over: () => null, view: (state) => ${view} } }],
}`

const check = (folder: string, version: string) => muster(['check', '--config', version, '--against', 'data'], folder)
async function player(url: string, name: string): Promise<Muster> {
  const connected = await connect(url, { name })
  onTestFinished(() => connected.close())
  return connected
}

test('[PK10] muster check --against finds the live matches that new rules would break', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-against-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const versions = {
    'now.mjs': {},
    'stricter.mjs': { act: 'stricter' },
    'double.mjs': { act: 'double' },
    'failing.mjs': { act: 'failing' },
    'blind.mjs': { view: 'state.cards.length' },
  }
  for (const [name, rules] of Object.entries(versions)) writeFileSync(join(folder, name), config(rules))
  const service = startProcess({ DATA_DIR: 'data', MUSTER_CONFIG: 'now.mjs' }, folder)
  const url = await service.url
  const players = [await player(url, 'ann'), await player(url, 'bob')]
  const rooms = await Promise.all(
    players.map(async (one) => {
      const found = new Promise<{ matchId: string }>((resolve) => void one.on('match:found', resolve))
      await one.queue.join({ mode: 'sum' })
      const room = await one.joinMatch((await found).matchId)
      if (!room.ok) throw new Error(room.error.code)
      return room
    }),
  )
  expect(await rooms[0]?.act({ type: 'add', data: 1 })).toMatchObject({ ok: true })
  expect(await rooms[1]?.act({ type: 'add', data: 2 })).toMatchObject({ ok: true })

  async function findings(): Promise<void> {
    expect(await check(folder, 'now.mjs')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 open matches: 0 would break, 0 differ$/m),
    })
    expect(await check(folder, 'stricter.mjs')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^differs {2}sum \S+: line \d+: add of seat \d is refused \(ILLEGAL_ACTION\)$/m),
    })
    expect(await check(folder, 'double.mjs')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^differs .*another state$/m),
    })
    expect(await check(folder, 'failing.mjs')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^breaks .*add of seat \d: act: no such card$/m),
    })
    expect(await check(folder, 'blind.mjs')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^breaks .*view: Cannot read properties/m),
    })
  }
  await findings()
  service.kill('SIGKILL')
  await service.exit
  await findings()
})
