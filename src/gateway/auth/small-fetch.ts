import type { Clock } from '../../ports.ts'

interface Limits {
  clock: Clock
  mostBytes: number
  /** Limits the whole request: connection, headers and body. */
  mostMs: number
  signal: AbortSignal
}

/**
 * Fetches a small text: follows no redirect and reads at most `mostBytes`. Rejects with an `Error` whose message is our
 * own and repeats nothing of the answer.
 */
export async function fetchSmallText(url: string, { clock, mostBytes, mostMs, signal }: Limits): Promise<string> {
  const abort = new AbortController()
  const abortWith = (why: string) => () => abort.abort(new Error(why))
  const cancel = clock.at(clock.now() + mostMs, abortWith(`no whole answer within ${mostMs} ms`))
  const stop = abortWith('the service stops')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: abort.signal,
      headers: { accept: 'application/json' },
    })
    if (!answer.ok) throw new Error(isRedirect(answer.status) ? REDIRECTED : `it answered ${answer.status}`)
    return await readAll(answer.body, mostBytes)
  } catch (fault) {
    // Cancels the rest of the body.
    abort.abort()
    throw abort.signal.reason instanceof Error && fault === abort.signal.reason ? fault : explained(fault)
  } finally {
    cancel()
    signal.removeEventListener('abort', stop)
  }
}

const REDIRECTED = 'it redirects elsewhere, which is not followed: name the last address'
const isRedirect = (status: number): boolean => status >= 300 && status < 400

async function readAll(body: ReadableStream<Uint8Array> | null, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) throw new Error(`it sent more than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

// The message of a failed fetch is always `fetch failed`; the code of its cause says why.
function explained(fault: unknown): Error {
  const { message, cause } = fault as Error
  const code = (cause as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? new Error(`it cannot be reached: ${code}`) : new Error(message)
}
