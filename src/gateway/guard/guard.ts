import type { Clock, Log } from '../../ports.ts'
import type { HandlersOf, NamespaceSpec, PayloadOf, RequestSpec } from '../../protocol/declare.ts'
import { faultOf, MAX_PACKET_BYTES } from '../../protocol/json.ts'
import { readAs } from '../../protocol/reading.ts'
import { type Refusal, type Reply, refuse } from '../../protocol/reply.ts'
import type { TokenBucket } from '../../util/token-bucket.ts'
import { Oversized } from '../connection/packet-head.ts'
import { type Asked, bytesSentBy, lineOf, type Pacing } from './pacing.ts'
import { tellConnectionEnds } from './session-end.ts'
import type { GatewaySocket, PlayerSocketData, SocketData } from './sockets.ts'

/** Who asks. `answer` sends the reply before the handler returns, for those who must say it at an exact moment. */
export interface Who<Data extends SocketData = PlayerSocketData> {
  socket: GatewaySocket<Data>
  answer(reply: Reply): void
}
export interface GuardParts {
  clock: Clock
  log: Log
  pacing: Pacing
}
interface NamespaceGuardParts<Data extends SocketData> extends GuardParts {
  /** Told of each request that is declared, granted or not; free events tell of themselves. */
  asked?: (socket: GatewaySocket<Data>) => void
}
/** Events with arguments of their own instead of one object: the relay lane. They do their own checks, and keep count. */
export type FreeEvents<Data extends SocketData> = ReadonlyMap<
  unknown,
  (socket: GatewaySocket<Data>, args: unknown[]) => Reply
>

type Ack = (reply: Reply) => void
type AnyHandler = (who: Who<never>, payload: never) => Reply | Promise<Reply>

/**
 * The guard at the door: every event of a namespace passes here, declared or not. Known name, rate, size and depth,
 * schema, then the handler, whose faults end here too.
 */
export function guard<N extends NamespaceSpec, Data extends SocketData = PlayerSocketData>(
  { clock, log, pacing, asked }: NamespaceGuardParts<Data>,
  spec: N,
  handlers: HandlersOf<N, Who<Data>>,
  free: FreeEvents<Data> = new Map(),
): (socket: GatewaySocket<Data>) => void {
  const requests: ReadonlyMap<unknown, RequestSpec> = new Map(Object.entries(spec.requests))

  async function handle(who: Who<Data>, event: unknown, args: unknown[]): Promise<Reply> {
    if (args[0] instanceof Oversized) return tooLarge(args[0])
    const request = requests.get(event)
    if (!request) return refuse('UNKNOWN_EVENT')
    asked?.(who.socket)
    const payload = read(request, args)
    if (!payload.ok) return payload
    const poor = unpaid(who.socket, request)
    if (poor) return poor
    const handler = handlers[event as keyof typeof handlers] as unknown as AnyHandler
    return handler(who as Who<never>, payload.value as never)
  }

  /** Why a costly request has to wait; the end of the connection when it goes on asking all the same. */
  function unpaid(socket: GatewaySocket<Data>, { work }: RequestSpec): Refusal | null {
    const { who, refusals } = socket.data
    const retryAfterMs = work ? pacing.workBudgets.pay(who, work) : 0
    if (retryAfterMs === 0) return null
    if (refusals.take(clock.now()) !== 'ok') cut(socket)
    return refuse('RATE_LIMITED', { retryAfterMs })
  }

  function receive(socket: GatewaySocket<Data>, packet: unknown[], line: (asked: Asked) => boolean): void {
    // Socket.IO puts the ack last, even where a packet has nothing else.
    const ack = typeof packet.at(-1) === 'function' ? (packet.pop() as Ack) : undefined
    const [event, ...args] = packet
    const isCostly = requests.get(event)?.work !== undefined
    const reply = answerOnce(socket, event, ack)
    const answer = (said: Reply) => {
      if (!said.ok) note(socket, event, said)
      if (isCostly && said.ok)
        pacing.workBudgets.charge(
          socket.data.who,
          bytesSentBy(socket.conn, () => reply(said)),
        )
      else reply(said)
    }
    const fail = (fault: unknown) => {
      log.error({ event: nameOf(event), who: socket.data.who, err: fault }, 'request failed')
      answer(refuse('INTERNAL'))
    }
    const isFree = args[0] instanceof Oversized ? undefined : free.get(event)
    try {
      if (isFree) return answer(isFree(socket, args))
    } catch (fault) {
      return fail(fault)
    }
    const refusal = overspent(socket, socket.data.requests, clock)
    if (refusal) return answer(refusal)
    const serve = () => {
      pacing.answering?.(nameOf(event))
      handle({ socket, answer }, event, args).then(answer, fail)
    }
    if (!line({ isCostly, serve })) answer(refuse('RATE_LIMITED', { retryAfterMs: FULL_LINE_MS }))
  }

  function note(socket: GatewaySocket<Data>, event: unknown, { error }: Refusal): void {
    const { who } = socket.data
    log.debug({ namespace: socket.nsp.name, event: nameOf(event), player: who, code: error.code }, 'request refused')
  }

  return (socket) => {
    const line = lineOf(socket, pacing)
    // A middleware that never calls `next` is the end of the road: no event reaches Socket.IO's own listeners, where
    // one named `error` would end the process.
    socket.use((packet) => {
      if (socket.connected) receive(socket, packet, line)
    })
  }
}

// Long enough for what waits to have had its turn.
const FULL_LINE_MS = 1_000

function read(request: RequestSpec, args: unknown[]): Refusal | { ok: true; value: PayloadOf<RequestSpec> } {
  if (args.length !== 1) return refuse('BAD_REQUEST', { because: 'send one object, and an ack function' })
  return faultOf(args[0]) ?? readAs(request.payload, args[0])
}

const tooLarge = ({ bytes }: Oversized) =>
  refuse('TOO_LARGE', { because: `${bytes} bytes; a packet has ${MAX_PACKET_BYTES} at the most` })

/** Takes one from the budget; a refusal when it is spent, and the end of the connection when that is ignored. */
export function overspent(
  socket: { disconnect(close: boolean): unknown },
  budget: TokenBucket,
  clock: Clock,
): Refusal | null {
  const verdict = budget.take(clock.now())
  if (verdict === 'ok') return null
  if (verdict === 'abusive') cut(socket)
  return refuse('RATE_LIMITED', { retryAfterMs: budget.retryAfterMs })
}

function cut(socket: { disconnect(close: boolean): unknown }): void {
  tellConnectionEnds(socket, 'RATE_LIMITED')
  socket.disconnect(true)
}

// A client that sent no ack still learns of a refusal.
function answerOnce(socket: Pick<GatewaySocket, 'emit'>, event: unknown, ack: Ack | undefined): (reply: Reply) => void {
  let isAnswered = false
  return (reply) => {
    if (isAnswered) return
    isAnswered = true
    if (ack) ack(reply)
    else if (!reply.ok) tellRefusal(socket, event, reply)
  }
}

/** Tells of a refusal where no ack waits for it. */
export function tellRefusal(socket: Pick<GatewaySocket, 'emit'>, event: unknown, { error }: Refusal): void {
  socket.emit('refused', { event: nameOf(event), error })
}

const MAX_NAME = 64
const nameOf = (event: unknown): string => (typeof event === 'string' ? event.slice(0, MAX_NAME) : '')
