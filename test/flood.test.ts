import { fork } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Player } from './support/player.ts'
import { startProcess } from './support/process.ts'

/** Floods from a process of its own; counts how often a connection was cut. */
function flood(url: string, payload: string, { opcode = 1, connections = 3, greeting = '', fragments = 0 } = {}) {
  const args = [new URL(url).port, payload, `${opcode}`, `${connections}`, greeting, `${fragments}`]
  const child = fork('test/support/flood.ts', args)
  onTestFinished(() => void child.kill('SIGKILL'))
  const counted = { cuts: 0, stop: () => child.kill('SIGKILL') }
  child.on('message', (cuts) => {
    counted.cuts = cuts as number
  })
  return counted
}

async function pairIn(url: string) {
  const pair = [new Player(url, {}), new Player(url, {})] as const
  for (const player of pair) {
    onTestFinished(() => player.leaves())
    await player.arrive()
    await player.asks('queue:join', { mode: 'party' })
  }
  for (const player of pair) await player.joins((await player.hears('match:found')).matchId)
  return pair
}

const FLOODS: [what: string, payload: string, more?: { opcode?: number; greeting?: string; fragments?: number }][] = [
  ['CONNECTs to an unknown namespace', '40/zz,'],
  ['CONNECTs to a different namespace each time', '40/zz#,'],
  ['acks of no request', '43/lobby,1[]', { greeting: '40/lobby,{}' }],
  ['noops of Engine.IO', '6'],
  ['pongs of Engine.IO', '3'],
  ['empty frames', ''],
  ['pings of WebSocket', 'x', { opcode: 9 }],
  ['messages of many empty fragments', '6', { fragments: 999 }],
  ['entering and leaving', '40/lobby,{}|41/lobby,'],
  ['requests', '42/lobby,1["queue:leave",{}]', { greeting: '40/lobby,{}' }],
  ['relay messages', '42/match,["match:send",1]', { greeting: '40/match,{}' }],
]

test('[DR25] a flood of any kind is cut, and does not delay others', async () => {
  const server = startProcess()
  const url = await server.url
  const [ann, bob] = await pairIn(url)
  for (const [what, payload, more] of FLOODS) {
    const flooding = flood(url, payload, more)
    for (let n = 0; n < 1_000 && (n < 10 || flooding.cuts < 3); n++) {
      expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n')
      ann.sends(n)
      expect(await bob.hears('match:message')).toEqual([expect.any(Number), n])
      await wait(20)
    }
    expect(flooding.cuts, what).toBeGreaterThanOrEqual(3)
    flooding.stop()
  }
  expect(await ann.asks('made-up')).toMatchObject({ error: { code: 'UNKNOWN_EVENT' } })
})

test.each(['GET /socket.io/?EIO=4&transport=polling', 'GET /healthz'])(
  '[DR29] pipelined requests do not delay others: %s',
  async (request) => {
    const server = startProcess()
    const url = await server.url
    const [ann, bob] = await pairIn(url)
    const flooding = flood(url, request)
    for (let n = 0; n < 60; n++) {
      expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n')
      ann.sends(n)
      expect(await bob.hears('match:message')).toEqual([expect.any(Number), n])
      await wait(20)
    }
    flooding.stop()
    const stalls = server.lines.filter((line) => line.includes('stood still'))
    expect(stalls).toEqual([])
  },
)
