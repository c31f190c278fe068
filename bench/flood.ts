import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Orders, Struck } from './flood/attacker.ts'
import { type Attack, attacks } from './flood/attacks.ts'
import type { Seen, Sight } from './flood/bystander.ts'
import type { CrowdOrders } from './flood/crowd.ts'
import type { Held } from './flood/meter.ts'
import { head, type Result, row } from './flood/report.ts'
import { cpuTimeOf } from './relay/cpu.ts'
import { type RunningServer, startServer } from './relay/servers.ts'

const { values: asked } = parseArgs({
  options: {
    // Parts of the names of attacks, between semicolons.
    only: { type: 'string', default: '' },
    // Attackers before they have come in, and guests.
    connections: { type: 'string', default: '3,20' },
    guests: { type: 'string', default: '40' },
    // The number of tickets in the queue, or of lobbies in the list, for the rows that need them.
    crowd: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '5' },
    // How far the attackers come after everybody else on the processor, 0 to 19.
    nice: { type: 'string', default: '10' },
    // A few of each kind once, in seconds: whether it works, not how fast.
    smoke: { type: 'boolean', default: false },
  },
})
const SMOKED = [
  'ws pings',
  'posts',
  'cheap events',
  'relay, one room',
  'match:sync',
  'queue:explain',
  'lobby:list',
  'leaderboard:get',
]
if (asked.smoke) Object.assign(asked, { connections: '3', guests: '4', crowd: '50', seconds: '0.5' })

const WARM_UP_MS = 1_500
const SCENE_MS = 120_000
const seconds = Number(asked.seconds)
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

function start(file: string, orders: object): ChildProcess {
  const child = fork(here(`flood/${file}.ts`), [JSON.stringify(orders)])
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** The next thing that a child says; throws when it ends instead. */
async function next<T>(child: ChildProcess, patienceMs: number): Promise<T> {
  const signal = AbortSignal.timeout(patienceMs)
  const said = once(child, 'message', { signal })
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`a process of the bench ended with code ${code}`)
  })
  const [message] = await Promise.race([said, ended])
  return message
}

/** How long the server's loop was held since it was last asked. */
function heldBy({ process: server }: RunningServer): Promise<Held> {
  server.send('how long')
  return next<Held>(server, SCENE_MS)
}

async function strike(name: string, attack: Attack | null, connections: number): Promise<Result> {
  const env = {
    BENCH_TRANSPORTS: attack?.transports ?? 'websocket',
    // Floods that are cut are warned about.
    LOG_LEVEL: 'error',
  }
  const server = await startServer('muster', {
    config: here('flood/muster.config.mjs'),
    env,
    preload: here('flood/meter.ts'),
  })
  const mine: ChildProcess[] = []
  const begin = (file: string, orders: object) => {
    const child = start(file, orders)
    mine.push(child)
    return child
  }
  try {
    const bystander = begin('bystander', { url: server.url, serverPid: server.pid } satisfies Sight)
    await next(bystander, SCENE_MS)
    let ranked = ''
    if (attack?.scene) {
      const orders: CrowdOrders = { url: server.url, scene: attack.scene, size: Number(asked.crowd) }
      ranked = await next<string>(begin('crowd', orders), SCENE_MS)
    }
    const orders = { port: Number(new URL(server.url).port), connections, nice: Number(asked.nice), ranked }
    const attacker = attack && begin('attacker', { ...orders, attack } satisfies Orders)
    await sleep(WARM_UP_MS)
    return await measure(name, connections, { server, bystander, attacker })
  } finally {
    for (const child of mine) child.kill('SIGKILL')
    await server.stop()
  }
}

interface Stage {
  server: RunningServer
  bystander: ChildProcess
  attacker: ChildProcess | null
}

async function measure(attack: string, connections: number, { server, bystander, attacker }: Stage): Promise<Result> {
  await heldBy(server)
  const before = cpuTimeOf(server.pid)
  const from = performance.now()
  bystander.send(seconds)
  await sleep(seconds * 1_000)
  const after = cpuTimeOf(server.pid)
  const share = (what: 'busyMicros' | 'waitedMicros') =>
    (after[what] - before[what]) / ((performance.now() - from) * 1_000)
  const figures = { serverLoad: share('busyMicros'), serverWaited: share('waitedMicros') }
  const held = await heldBy(server)
  const seen = await next<Seen>(bystander, SCENE_MS)
  attacker?.send('how many')
  const struck = attacker ? await next<Struck>(attacker, SCENE_MS) : { cuts: 0, atIt: 0 }
  if (attacker && struck.atIt === 0 && struck.cuts === 0) seen.troubles.push('no attacker got as far as attacking')
  return { attack, connections, seen, struck, ...figures, held }
}

const isChosen = (name: string) =>
  asked.smoke ? SMOKED.includes(name) : asked.only.split(';').some((part) => name.includes(part))
const chosen = Object.entries(attacks).filter(([name]) => isChosen(name))
console.log(`${head}\n${row(await strike('nobody', null, 0))}`)
for (const [name, attack] of chosen) {
  for (const connections of attack.isByGuests ? [asked.guests] : asked.connections.split(',')) {
    try {
      const result = await strike(name, attack, Number(connections))
      console.log(row(result))
      if (result.seen.troubles.length > 0) process.exitCode = 1
    } catch (fault) {
      console.log(`${name}, ${connections}: ${fault}`)
      process.exitCode = 1
    }
  }
}
