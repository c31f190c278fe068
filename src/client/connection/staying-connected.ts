import type { ErrorCode } from '../../protocol/errors.ts'
import { RETRYABLE } from './refusals.ts'

/** The handshake was refused; `code` is one of docs/errors.md. */
export class ConnectError extends Error {
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** Returns another token, or nothing to go on as a new guest; throws to stay disconnected. */
export type SessionLost = (why: ConnectError) => string | undefined | Promise<string | undefined>

/** The part of a Socket.IO client socket that this module uses. */
interface Namespace {
  readonly active: boolean
  connect(): unknown
  on(event: 'connect_error', listener: (fault: Error & { data?: { code: string } }) => void): unknown
  on(event: 'disconnect', listener: (reason: string) => void): unknown
}
interface Parts {
  /** The token of the next handshake. */
  bearer: { token?: string | undefined }
  sessionLost: SessionLost | undefined
  /** Called when connecting again cannot succeed. */
  giveUp: (fault: unknown) => void
}

// Spread, so that clients refused at the same time do not all come back at once.
const RETRY_MS = { least: 1_000, spread: 1_000 }
const LOST: ReadonlySet<string> = new Set<ErrorCode>(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'BANNED'])

/**
 * Reconnects namespaces where Socket.IO does not: after a refused handshake, and after the server has disconnected one of
 * them. The first namespace determines the player. Returns a function that stops it.
 */
export function keepConnected([first, ...others]: [Namespace, ...Namespace[]], parts: Parts): () => void {
  const { bearer, sessionLost, giveUp } = parts
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let isStopped = false

  function later(namespace: Namespace): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        if (!namespace.active) namespace.connect()
      },
      RETRY_MS.least + Math.random() * RETRY_MS.spread,
    )
    timers.add(timer)
  }

  async function refused(code: string, message: string): Promise<void> {
    if (RETRYABLE.has(code)) return later(first)
    const why = new ConnectError(message, code)
    // A server that refuses guests would refuse the next one too.
    if (!LOST.has(code) || bearer.token === undefined) return giveUp(why)
    try {
      const token = (await sessionLost?.(why)) ?? undefined
      if (isStopped) return
      if (token === undefined && code === 'BANNED') return giveUp(why)
      bearer.token = token
      first.connect()
    } catch (fault) {
      giveUp(fault)
    }
  }

  for (const namespace of [first, ...others]) {
    namespace.on('connect_error', ({ data, message }) => {
      // Without a code it was a network error, and Socket.IO retries by itself.
      if (!data || isStopped) return
      if (namespace === first) void refused(data.code, message)
      else later(namespace)
    })
    namespace.on('disconnect', (reason) => {
      if (reason === 'io server disconnect' && !isStopped) later(namespace)
    })
  }
  return () => {
    isStopped = true
    for (const timer of timers) clearTimeout(timer)
  }
}
