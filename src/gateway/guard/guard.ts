import type { Clock, Log } from '../../ports.ts'
import type { HandlersOf, NamespaceSpec, PayloadOf, RequestSpec } from '../../protocol/declare.ts'
import { faultOf, MAX_PACKET_BYTES } from '../../protocol/json.ts'
import { readAs } from '../../protocol/reading.ts'
import { type Refusal, type Reply, refuse } from '../../protocol/reply.ts'
import type { TokenBucket } from '../../util/rate-limit.ts'
import { Oversized } from '../connection/packet-head.ts'
import { bytesSentBy, type Enqueue, type Pacing, requestQueueOf } from './pacing.ts'
import { tellConnectionEnds } from './session-end.ts'
import type { GatewaySocket, PlayerSocketData, SocketData } from './sockets.ts'

/** The socket that asks. `answer` sends the reply before the handler returns, where the order of messages needs it. */
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
  /** Called for each declared request, granted or not; not for free events. */
  asked?: (socket: GatewaySocket<Data>) => void
}
/** Events with their own arguments instead of one object: the relay. They do their own checks and rate limit. */
export type FreeEvents<Data extends SocketData> = ReadonlyMap<
  unknown,
  (socket: GatewaySocket<Data>, args: unknown[]) => Reply
>

type Ack = (reply: Reply) => void
type AnyHandler = (who: Who<never>, payload: never) => Reply | Promise<Reply>

/**
 * Checks every event of a namespace: rate, size, known name, depth, schema, work budget. Then calls the handler, and
 * catches its faults. Returns a function that guards a socket.
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
    const refusal = chargeWork(who.socket, request)
    if (refusal) return refusal
    const handler = handlers[event as keyof typeof handlers] as unknown as AnyHandler
    return handler(who as Who<never>, payload.value as never)
  }

  /** Refuses a costly request over the work budget; cuts a connection that goes on after its refusals. */
  function chargeWork(socket: GatewaySocket<Data>, { work }: RequestSpec): Refusal | null {
    const { who, refusals } = socket.data
    const retryAfterMs = work ? pacing.workBudgets.pay(who, work) : 0
    if (retryAfterMs === 0) return null
    if (refusals.take(clock.now()) !== 'ok') cut(socket)
    return refuse('RATE_LIMITED', { retryAfterMs })
  }

  function receive(socket: GatewaySocket<Data>, packet: unknown[], enqueue: Enqueue): void {
    // Socket.IO puts the ack last, even when it is the only argument.
    const ack = typeof packet.at(-1) === 'function' ? (packet.pop() as Ack) : undefined
    const [event, ...args] = packet
    const isCostly = requests.get(event)?.work !== undefined
    const reply = answerOnce(socket, event, ack)
    const answer = (outcome: Reply) => {
      if (!outcome.ok) logRefusal(socket, event, outcome)
      if (isCostly && outcome.ok)
        pacing.workBudgets.charge(
          socket.data.who,
          bytesSentBy(socket.conn, () => reply(outcome)),
        )
      else reply(outcome)
    }
    const fail = (fault: unknown) => {
      log.error({ event: nameOf(event), who: socket.data.who, err: fault }, 'request failed')
      answer(refuse('INTERNAL'))
    }
    const handleFree = args[0] instanceof Oversized ? undefined : free.get(event)
    try {
      if (handleFree) return answer(handleFree(socket, args))
    } catch (fault) {
      return fail(fault)
    }
    const refusal = overspent(socket, socket.data.requests, clock)
    if (refusal) return answer(refusal)
    const serve = () => {
      pacing.answering?.(nameOf(event))
      handle({ socket, answer }, event, args).then(answer, fail)
    }
    if (!enqueue({ isCostly, serve })) answer(refuse('RATE_LIMITED', { retryAfterMs: FULL_QUEUE_MS }))
  }

  function logRefusal(socket: GatewaySocket<Data>, event: unknown, { error }: Refusal): void {
    const { who } = socket.data
    log.debug({ namespace: socket.nsp.name, event: nameOf(event), player: who, code: error.code }, 'request refused')
  }

  return (socket) => {
    const enqueue = requestQueueOf(socket, pacing)
    // This middleware never calls `next`: an event named `error` would end the process in Socket.IO's own listeners.
    socket.use((packet) => {
      if (socket.connected) receive(socket, packet, enqueue)
    })
  }
}

// Long enough for a full queue to drain.
const FULL_QUEUE_MS = 1_000

function read(request: RequestSpec, args: unknown[]): Refusal | { ok: true; value: PayloadOf<RequestSpec> } {
  if (args.length !== 1) return refuse('BAD_REQUEST', { because: 'send one object, and an ack function' })
  return faultOf(args[0]) ?? readAs(request.payload, args[0])
}

const tooLarge = ({ bytes }: Oversized) =>
  refuse('TOO_LARGE', { because: `${bytes} bytes; a packet has ${MAX_PACKET_BYTES} at the most` })

/** Takes one token from the budget. Refuses when none is left, and cuts a connection that ignores the refusals. */
export function overspent(
  socket: { disconnect(close: boolean): unknown },
  budget: TokenBucket,
  clock: Clock,
): Refusal | null {
  const now = clock.now()
  const verdict = budget.take(now)
  if (verdict === 'ok') return null
  if (verdict === 'abusive') cut(socket)
  return refuse('RATE_LIMITED', { retryAfterMs: budget.waitMs(now) })
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

/** Emits `refused`, for a request without an ack. */
export function tellRefusal(socket: Pick<GatewaySocket, 'emit'>, event: unknown, { error }: Refusal): void {
  socket.emit('refused', { event: nameOf(event), error })
}

const MAX_NAME = 64
const nameOf = (event: unknown): string => (typeof event === 'string' ? event.slice(0, MAX_NAME) : '')
