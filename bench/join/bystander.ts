import { Agent, get } from 'node:http'
import { type Line, openLine } from './line.ts'

/** Latencies of another client of the same server, in ms. */
export interface Latencies {
  relay: number[]
  lobby: number[]
  health: number[]
}

const EVERY_MS = 10
const nothing = (): Latencies => ({ relay: [], lobby: [], health: [] })

async function arrive(url: string): Promise<Line> {
  const line = await openLine(url)
  await line.enter('/lobby')
  const found = line.next<{ matchId: string }>('/lobby', 'match:found')
  await line.ask('/lobby', 'queue:join', { mode: 'pair' })
  const { matchId } = await found
  await line.enter('/match')
  await line.ask('/match', 'match:join', { matchId })
  return line
}

/** Two players of a match of their own, a page that asks for `/healthz`, and a request to the lobby, at an even pace. */
async function standBy(url: string): Promise<void> {
  const [ann, bob] = (await Promise.all([arrive(url), arrive(url)])) as [Line, Line]
  const agent = new Agent({ keepAlive: true })
  const health = `${url.replace('ws:', 'http:')}/healthz`
  let took = nothing()
  const sentAt = new Map<number, number>()
  let n = 0

  function note(kind: keyof Latencies): () => void {
    const into = took[kind]
    const from = performance.now()
    return () => void into.push(performance.now() - from)
  }
  bob.onMessage = (packet) => {
    const stamp = Number(/,(\d+)\]$/.exec(packet)?.[1])
    took.relay.push(performance.now() - (sentAt.get(stamp) ?? Number.NaN))
    sentAt.delete(stamp)
  }
  function look(): void {
    sentAt.set(++n, performance.now())
    ann.send(`42/match,${JSON.stringify(['match:send', n])}`)
    if (n % 2 === 0) return
    const lobbyAnswered = note('lobby')
    ann.ask('/lobby', 'player:watch', { playerIds: [] }).then(lobbyAnswered, () => {})
    const healthAnswered = note('health')
    get(health, { agent }, (res) => res.resume().on('end', healthAnswered)).on('error', () => {})
  }
  const looking = setInterval(look, EVERY_MS)

  process.on('message', (order: 'begin' | 'end' | 'go') => {
    if (order === 'begin') took = nothing()
    if (order === 'end') process.send?.({ ...took, unanswered: sentAt.size })
    if (order === 'go') {
      clearInterval(looking)
      process.disconnect()
      process.exit()
    }
  })
  process.send?.('ready')
}

process.on('disconnect', () => process.exit())
await standBy(process.argv[2] ?? '')
