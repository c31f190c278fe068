import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { workOfMainThread } from '../relay/cpu.ts'
import { openWire, type Wire } from '../relay/wire.ts'

/** The argument of the process. */
export interface Sight {
  url: string
  serverPid: number
}
/** A duration in ms: by the clock, and in CPU time of the server's loop. */
export interface Wait {
  wall: number
  work: number
}
/** The waits of a harmless client. */
export interface Seen {
  relay: Wait[]
  healthz: Wait[]
  request: Wait[]
  troubles: string[]
}

const MESSAGES_PER_SECOND = 30
const CHECKS_PER_SECOND = 10
const REQUESTS_PER_SECOND = 5
const STRAGGLERS_MS = 3_000

const { url, serverPid } = JSON.parse(process.argv[2] ?? '{}') as Sight

const now = (): Wait => ({ wall: performance.now(), work: workOfMainThread(serverPid) })
const since = (start: Wait): Wait => {
  const { wall, work } = now()
  return { wall: wall - start.wall, work: work - start.work }
}

/** Times something over and over at an even pace, whether the last one has ended or not. */
function every(perSecond: number, doOnce: () => Promise<unknown>) {
  const times: Wait[] = []
  const under = new Set<Wait>()
  const start = performance.now()
  let isCounting = true
  let n = 0
  const timer = setInterval(async () => {
    for (; isCounting && start + (n * 1_000) / perSecond <= performance.now(); n += 1) void once()
  }, 5)
  async function once(): Promise<void> {
    const at = now()
    under.add(at)
    await doOnce()
    if (under.delete(at)) times.push(since(at))
  }
  return async () => {
    isCounting = false
    clearInterval(timer)
    const patience = performance.now() + STRAGGLERS_MS
    while (under.size > 0 && performance.now() < patience) await sleep(5)
    // What was never answered took at least so long.
    for (const at of under) times.push(since(at))
    under.clear()
    return times
  }
}

const check = () =>
  new Promise<void>((resolve, reject) => {
    get(`${url.replace('ws', 'http')}/healthz`, { agent: false }, (res) => res.resume().once('end', resolve)).once(
      'error',
      reject,
    )
  })

async function arrive(): Promise<{ wire: Wire; token: string }> {
  const wire = await openWire(url)
  const session = wire.next<{ token: string }>('/lobby', 'session')
  await wire.connect('/lobby')
  return { wire, token: (await session).token }
}

async function seat({ wire, token }: { wire: Wire; token: string }): Promise<Wire> {
  const found = wire.next<{ matchId: string }>('/lobby', 'match:found')
  await wire.ask('/lobby', 'queue:join', { mode: 'calm' })
  const { matchId } = await found
  await wire.connect('/match', { token })
  await wire.ask('/match', 'match:join', { matchId })
  return wire
}

/** Two in a room: a message from one resolves when the other has heard it. */
function talk([from, to]: readonly Wire[]) {
  const waiting = new Map<number, () => void>()
  let said = 0
  if (to) to.onMessage = (_seat, n) => waiting.get(n)?.()
  return () =>
    new Promise<void>((resolve) => {
      said += 1
      const n = said
      waiting.set(n, () => {
        waiting.delete(n)
        resolve()
      })
      from?.send(`42/match,["match:send",${n}]`)
    })
}

async function watch() {
  const troubles: string[] = []
  const pair = [await arrive(), await arrive()]
  const wires = await Promise.all(pair.map(seat))
  for (const wire of wires) wire.onTrouble = (why) => troubles.push(why)
  const [first] = wires
  const isRefused = () => first?.ask('/lobby', 'queue:leave', {}).catch(() => {}) ?? Promise.resolve()
  const say = talk(wires)

  return async (seconds: number): Promise<Seen> => {
    const relay = every(MESSAGES_PER_SECOND, say)
    const healthz = every(CHECKS_PER_SECOND, () => check().catch((why) => troubles.push(`healthz: ${why}`)))
    const request = every(REQUESTS_PER_SECOND, isRefused)
    await sleep(seconds * 1_000)
    const [relayed, checked, asked] = await Promise.all([relay(), healthz(), request()])
    return { relay: relayed, healthz: checked, request: asked, troubles: [...new Set(troubles)] }
  }
}

process.on('disconnect', () => process.exit())
const look = await watch()
process.on('message', async (seconds) => process.send?.(await look(seconds as number)))
process.send?.('ready')
