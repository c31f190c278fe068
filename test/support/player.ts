import { Manager, type Socket } from 'socket.io-client'
import type { MatchId } from '../../src/protocol/ids.ts'

// How long a test waits before it fails; nothing is measured by it.
const PATIENCE_MS = 60_000

// biome-ignore lint/suspicious/noExplicitAny: a foreign client knows names, not types
type Loose = any
interface Heard {
  event: string
  args: Loose[]
}
interface Connecting {
  token?: string | undefined
  name?: string | undefined
  auth?: Record<string, unknown>
  /** The title; by default the service's own lobby and match. */
  title?: string | undefined
}

/** A client that knows only the wire contract: no code of ours runs in it. */
export class Player {
  readonly lobby: Socket
  readonly match: Socket
  /** For operators, who have their own token. */
  readonly admin: Socket
  session: Loose
  readonly #heard: Heard[] = []
  #wake: () => void = () => {}

  constructor(url: string, { token, name, auth, title }: Connecting) {
    const manager = new Manager(url, { transports: ['websocket'], reconnection: false, autoConnect: false })
    const prefix = title === undefined ? '' : `/${title}`
    this.lobby = manager.socket(`${prefix}/lobby`, { auth: auth ?? { ...(token && { token }), ...(name && { name }) } })
    this.match = manager.socket(`${prefix}/match`, { auth: (give) => give({ token: this.session?.token ?? token }) })
    this.admin = manager.socket(`${prefix}/admin`, { auth: auth ?? {} })
    for (const socket of this.#lines) {
      socket.onAny((event: string, ...args: Loose[]) => this.#hear(event, args))
      socket.on('connect_error', (fault: Loose) => this.#hear('connect_error', [fault.data ?? fault.message]))
      socket.on('disconnect', (reason) => this.#hear('disconnect', [reason]))
    }
  }

  /** Connects to /admin, and resolves with this once connected. */
  async oversees(): Promise<this> {
    const connected = new Promise<void>((resolve) => this.admin.once('connect', resolve))
    this.admin.connect()
    await connected
    return this
  }

  /** Connects to /lobby, and resolves with this after the session. */
  async arrive(): Promise<this> {
    this.lobby.connect()
    this.session = await this.hears('session')
    return this
  }

  get id(): string {
    return this.session.playerId
  }

  /** Asks in the namespace that the event belongs to. */
  async asks(event: string, payload: unknown = {}): Promise<Loose> {
    return this.#lineOf(event).timeout(PATIENCE_MS).emitWithAck(event, payload)
  }

  /** Takes the seat; the reply of `match:join`. */
  async joins(matchId: MatchId | string, more: object = {}): Promise<Loose> {
    if (!this.match.active) this.match.connect()
    return this.asks('match:join', { matchId, ...more })
  }

  /** Sends on the relay lane, without an ack. */
  sends(data: unknown, to?: number[]): void {
    this.match.emit('match:send', data, ...(to ? [to] : []))
  }

  /** The first argument of the next such event, or all of them for `match:message`. Each event is returned once. */
  async hears(event: string, matching: (payload: Loose) => boolean = () => true): Promise<Loose> {
    const deadline = AbortSignal.timeout(PATIENCE_MS)
    while (!deadline.aborted) {
      const found = this.#heard.findIndex((heard) => heard.event === event && matching(heard.args[0]))
      if (found >= 0) return this.#taken(found)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        deadline.onabort = () => resolve()
      })
    }
    throw new Error(`did not hear ${event}; heard ${JSON.stringify(this.#heard)}`)
  }

  /** The events of this name that were not returned yet, once everything that the server has sent so far is here. */
  async heardSoFar(event: string): Promise<Loose[]> {
    for (const socket of this.#lines) {
      if (socket.connected) await socket.timeout(PATIENCE_MS).emitWithAck('fence', {})
    }
    return this.#heard.filter((heard) => heard.event === event).map(({ args }) => args[0])
  }

  /** Drops all events heard so far. */
  forgets(): void {
    this.#heard.length = 0
  }

  /** Breaks the connection, without a DISCONNECT packet. */
  drops(): void {
    this.lobby.io.engine.close()
  }

  leaves(): void {
    for (const socket of this.#lines) socket.disconnect()
  }

  get #lines(): Socket[] {
    return [this.lobby, this.match, this.admin]
  }

  #lineOf(event: string): Socket {
    if (event.startsWith('admin:')) return this.admin
    return event.startsWith('match:') && !/^match:(accept|decline)$/.test(event) ? this.match : this.lobby
  }

  #hear(event: string, args: Loose[]): void {
    this.#heard.push({ event, args })
    this.#wake()
  }

  #taken(index: number): Loose {
    const [heard] = this.#heard.splice(index, 1)
    return heard?.event === 'match:message' ? heard.args : heard?.args[0]
  }
}
