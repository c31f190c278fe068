import type { Clock } from '../../ports.ts'

interface Limits {
  clock: Clock
  mostBytes: number
  /** For all of it: the connection, the headers and the body. */
  mostMs: number
  signal: AbortSignal
}

/**
 * The text at a URL, as long as it is small, quick, and there: no redirect is followed, and no more is read than the
 * limit. Rejects with an `Error` whose message says in our own words what was wrong, and repeats nothing that was sent.
 */
export async function fetchSmallText(url: string, { clock, mostBytes, mostMs, signal }: Limits): Promise<string> {
  const abort = new AbortController()
  const give = (why: string) => () => abort.abort(new Error(why))
  const cancel = clock.at(clock.now() + mostMs, give(`no whole answer within ${mostMs} ms`))
  const stop = give('the service stops')
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
    // Also ends what is still on its way.
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

// What a failed fetch says is `fetch failed`; the code of its cause says why.
function explained(fault: unknown): Error {
  const { message, cause } = fault as Error
  const code = (cause as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? new Error(`it cannot be reached: ${code}`) : new Error(message)
}
