import { setTimeout as sleep } from 'node:timers/promises'
import { type Line, openLine } from './line.ts'

/** What a crowd does at once. */
export type Deed = 'gather' | 'accept' | 'join' | 'watch' | 'act' | 'drop' | 'back' | 'leave' | 'claim' | 'end' | 'lose'
export interface Order {
  deed: Deed
  url: string
  mode: string
  seats: number
  adminToken: string
}
/** What went wrong, each kind once. */
export type Done = { faults: string[] }

interface One {
  line: Line
  token: string
}

const AT_ONCE = 50
const ONLOOKERS = 200
const QUIET_MS = 200
const PATIENCE_MS = 60_000
let crowd: One[] = []
let onlookers: One[] = []
let matchId = ''

async function inGroups<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const all: T[] = []
  while (all.length < count) {
    const first = all.length
    all.push(
      ...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, n) => make(first + n)))),
    )
  }
  return all
}

async function arrive(url: string, token?: string): Promise<One> {
  const line = await openLine(url)
  const session = line.next<{ token: string }>('/lobby', 'session')
  await line.enter('/lobby', token ? { token } : {})
  const one = { line, token: (await session).token }
  await line.enter('/match')
  line.onClosed = () => faults.add('a connection was closed')
  return one
}

const faults = new Set<string>()
function granted(reply: string): void {
  if (!reply.startsWith('[{"ok":true')) faults.add(`refused: ${reply.slice(0, 120)}`)
}

async function join(one: One, as: 'player' | 'spectator' = 'player'): Promise<void> {
  granted(await one.line.ask('/match', 'match:join', { matchId, as }))
}

/** Until all have heard the same of the log, without a gap, and nothing more comes. */
async function untilAllHeardAll(everyone: readonly One[]): Promise<void> {
  const positions = () => new Set(everyone.map(({ line }) => line.position))
  const giveUpAt = performance.now() + PATIENCE_MS
  for (let before = ''; performance.now() < giveUpAt; ) {
    const now = [...positions()].join()
    if (positions().size === 1 && now === before) return
    before = now
    await sleep(QUIET_MS)
  }
  faults.add(`lines of the log were lost: they stand at ${[...positions()].slice(0, 5)}`)
}

const everyone = () => [...crowd, ...onlookers]
function forget(some: readonly One[]): void {
  for (const { line } of some) {
    line.onClosed = () => {}
    line.drop()
  }
}

const carryOut: Record<Deed, (order: Order) => Promise<unknown>> = {
  async gather({ url, mode, seats }) {
    crowd = await inGroups(seats, () => arrive(url))
    const event = mode === 'asked' ? 'match:proposed' : 'match:found'
    const found = crowd.map(({ line }) => line.next<{ matchId: string }>('/lobby', event))
    for (const { line } of crowd) line.ask('/lobby', 'queue:join', { mode }).then(granted, () => {})
    matchId = (await Promise.all(found))[0]?.matchId ?? ''
  },
  async accept() {
    const found = crowd.map(({ line }) => line.next<{ matchId: string }>('/lobby', 'match:found'))
    await Promise.all(crowd.map(async ({ line }) => granted(await line.ask('/lobby', 'match:accept', { matchId }))))
    await Promise.all(found)
  },
  async join() {
    await Promise.all(crowd.map((one) => join(one)))
    await untilAllHeardAll(everyone())
  },
  async watch({ url }) {
    onlookers = await inGroups(ONLOOKERS, () => arrive(url))
    await Promise.all(onlookers.map((one) => join(one, 'spectator')))
    await untilAllHeardAll(everyone())
  },
  async act() {
    await Promise.all(crowd.map(async ({ line }) => granted(await line.ask('/match', 'match:act', { type: 'move' }))))
    await untilAllHeardAll(everyone())
  },
  async drop() {
    forget(crowd)
    await sleep(QUIET_MS)
    await untilAllHeardAll(onlookers)
  },
  async lose() {
    forget(everyone())
    onlookers = []
  },
  async back({ url }) {
    crowd = await inGroups(crowd.length, (n) => arrive(url, crowd[n]?.token))
    await Promise.all(crowd.map((one) => join(one)))
    await untilAllHeardAll(everyone())
  },
  async leave() {
    await Promise.all(crowd.map(async ({ line }) => granted(await line.ask('/match', 'match:leave', {}))))
    await sleep(QUIET_MS)
  },
  async claim() {
    const result = { placements: crowd.map((_, seat) => [seat]) }
    await Promise.all(crowd.map(async ({ line }) => granted(await line.ask('/match', 'match:finish', { result }))))
    await untilAllHeardAll(everyone())
  },
  async end({ url, adminToken }) {
    const operator = await openLine(url)
    await operator.enter('/admin', { token: adminToken })
    const closed = everyone().map(({ line }) => line.next('/match', 'match:closed'))
    granted(await operator.ask('/admin', 'admin:end', { matchId, reason: 'the bench is over' }))
    await Promise.all(closed)
    operator.drop()
  },
}

process.on('disconnect', () => process.exit())
process.on('message', (order: Order) => {
  faults.clear()
  const done = (fault?: Error) => {
    if (fault) faults.add(fault.message)
    process.send?.({ faults: [...faults] } satisfies Done)
  }
  carryOut[order.deed](order).then(() => done(), done)
})
process.send?.('ready')
