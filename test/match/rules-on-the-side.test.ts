import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { Player } from '../support/player.ts'
import { startProcess } from '../support/process.ts'

function configWith(text: string): { MUSTER_CONFIG: string } {
  const path = join(mkdtempSync(join(tmpdir(), 'muster-')), 'config.mjs')
  writeFileSync(path, text)
  return { MUSTER_CONFIG: path }
}

/** Two players in a match whose rules do as they are told by actions. */
const troublesome = configWith(`
  const trouble = {
    setup: () => ({ n: 0 }),
    act(state, { type }) {
      if (type === 'promise') void Promise.reject(new Error('nobody waits for this'))
      if (type === 'timer') setTimeout(() => { throw new Error('a timer of the rules') }, 1)
      if (type === 'later') return new Promise((resolve, reject) => setTimeout(reject, 1, new Error('too late')))
      return { n: state.n + 1 }
    },
    over: () => null,
    view: (state) => state,
  }
  export default { modes: [{ id: 'trouble', players: { min: 2, max: 2 }, countdownMs: 0, rules: trouble }] }
`)

async function inMatch(url: string): Promise<Player[]> {
  const players = await Promise.all(['ann', 'bob'].map((name) => new Player(url, { name }).arrive()))
  onTestFinished(() => players.forEach((player) => void player.leaves()))
  for (const player of players) await player.asks('queue:join', { mode: 'trouble' })
  for (const player of players) await player.joins((await player.hears('match:found')).matchId)
  await players[0]?.hears('match:event', ({ state }) => state === 'playing')
  return players
}

test('[RU32] a timer or a promise that rules have started cannot end the process, nor their match', async () => {
  const server = startProcess(troublesome)
  const url = await server.url
  const [ann, bob] = await inMatch(url)
  expect(await ann?.asks('match:act', { type: 'promise' })).toMatchObject({ game: { n: 1 } })
  expect(await bob?.asks('match:act', { type: 'timer' })).toMatchObject({ game: { n: 2 } })
  const said = (phrase: string) => server.lines.some((line) => JSON.parse(line).msg === phrase)
  await expect.poll(() => said('unhandled promise rejection'), { timeout: 20_000 }).toBe(true)
  await expect.poll(() => said('a timer or promise of the rules failed'), { timeout: 20_000 }).toBe(true)
  expect(await ann?.asks('match:act', { type: 'go' })).toMatchObject({ game: { n: 3 } })
  for (const line of server.lines.map((text) => JSON.parse(text)))
    if (line.level === 50) expect(line.match).toBeTruthy()

  expect(await ann?.asks('match:act', { type: 'later' })).toMatchObject({ error: { code: 'MATCH_ABORTED' } })
  for (const player of [ann, bob]) expect(await player?.hears('match:closed')).toMatchObject({ outcome: 'aborted' })
  await expect.poll(() => said('rules failed, match aborted'), { timeout: 20_000 }).toBe(true)
  const fault = server.lines.map((text) => JSON.parse(text)).find(({ msg }) => msg === 'rules failed, match aborted')
  expect(fault).toMatchObject({ mode: 'trouble', err: { message: 'act: state is a Promise' } })
  const again = await inMatch(url)
  expect(await again[0]?.asks('match:act', { type: 'go' })).toMatchObject({ ok: true })
})

test('[OP40] a fault outside of rules is logged and ends the process with code 1', async () => {
  const server = startProcess(
    configWith("setTimeout(() => { throw new Error('not of a match') }, 1_500); export default {}"),
  )
  await server.url
  expect(await server.exit).toMatchObject({ code: 1 })
  expect(JSON.parse(server.lines.at(-1) ?? '')).toMatchObject({ err: { message: 'not of a match' }, level: 50 })
})

const sound = { setup: () => 0, act: () => 0, over: () => null, view: () => 0 }
test.each([
  ['rules.act is missing', { ...sound, act: undefined }],
  ['rules.view must not be async', { ...sound, view: async () => 0 }],
  ['rules.setup must not be a generator', { ...sound, *setup() {} }],
  ['rules.tel is unknown', { ...sound, tel: () => 0 }],
  ['rules.timeout is missing', { ...sound, deadline: () => null }],
  ['rules.tell is no function', { ...sound, tell: 'everything' }],
  ['rules are an object', 'chess'],
])('[RU31] the start is refused by name: %s', (fault, rules) => {
  const config = { modes: [{ id: 'chess', teams: { count: 2, size: 1 }, rules }] }
  expect(() => readConfig(config, 'the test')).toThrow(fault)
})
