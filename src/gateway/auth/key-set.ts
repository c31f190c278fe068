import { createLocalJWKSet, type JWTVerifyGetKey, errors as jose } from 'jose'
import type { Clock, EpochMs, Log } from '../../ports.ts'
import { fetchSmallText } from './small-fetch.ts'

// A key set has a few KB. Socket.IO closes a connection that is in no namespace after 5 s, so the keys must come sooner.
const MOST_BYTES = 262_144
const MOST_MS = 3_000
// Older keys are refreshed in the background, and stay valid until then.
const FRESH_MS = 600_000
// Pause after a failed fetch.
const PAUSE_MS = 1_000
// Pause between refreshes caused by tokens that name an unknown key.
const UNKNOWN_PAUSE_MS = 10_000

/** The key set cannot be fetched, so the token can be neither accepted nor rejected. */
export class KeysUnavailableError extends Error {}

export interface KeySet {
  /** Finds the key that a token names, for `jwtVerify`. Rejects with a `KeysUnavailableError` when the fetch fails. */
  keyFor: JWTVerifyGetKey
  stop(): void
}
interface KeySetParts {
  url: string
  clock: Clock
  log: Log
}
type Keys = ReturnType<typeof createLocalJWKSet>

/**
 * The public keys at a JWKS URL, fetched when the first token needs one. Known keys stay valid while the issuer is
 * down. At most one request runs at a time.
 */
function openKeySet({ url, clock, log }: KeySetParts): KeySet {
  const stopping = new AbortController()
  let keys: Keys | null = null
  let fetching: Promise<void> | null = null
  let fetchedAt: EpochMs = Number.NEGATIVE_INFINITY
  let failedAt: EpochMs = Number.NEGATIVE_INFINITY
  let unknownAt: EpochMs = Number.NEGATIVE_INFINITY
  let isFailing = false

  async function fetchKeys(): Promise<void> {
    try {
      const text = await fetchSmallText(url, { clock, mostBytes: MOST_BYTES, mostMs: MOST_MS, signal: stopping.signal })
      keys = readKeys(text)
      fetchedAt = clock.now()
      if (isFailing) log.info({ setting: 'JWKS_URL' }, 'keys of the backend are available again')
      isFailing = false
    } catch (fault) {
      failedAt = clock.now()
      const why = (fault as Error).message
      if (!isFailing)
        log.error({ setting: 'JWKS_URL', why, known: keys !== null }, 'keys of the backend could not be fetched')
      isFailing = true
    }
  }

  /** Resolves after the fetch, failed or not; at once during a pause. */
  function refresh(): Promise<void> {
    if (fetching) return fetching
    if (clock.now() < failedAt + PAUSE_MS || stopping.signal.aborted) return Promise.resolve()
    fetching = fetchKeys().finally(() => {
      fetching = null
    })
    return fetching
  }

  async function find(...asked: Parameters<JWTVerifyGetKey>) {
    if (keys) return keys(...asked)
    throw new KeysUnavailableError('the keys of the backend are not known yet')
  }

  async function refreshForUnknownKey(): Promise<void> {
    const isPaused = clock.now() < unknownAt + UNKNOWN_PAUSE_MS && !isFailing
    if (isPaused && !fetching) return
    if (!fetching) unknownAt = clock.now()
    await refresh()
    if (isFailing) throw new KeysUnavailableError('the backend cannot be asked for the key')
  }

  async function keyFor(...asked: Parameters<JWTVerifyGetKey>) {
    const isFirst = keys === null
    if (isFirst) await refresh()
    else if (clock.now() > fetchedAt + FRESH_MS) void refresh()
    try {
      return await find(...asked)
    } catch (fault) {
      if (isFirst || !(fault instanceof jose.JWKSNoMatchingKey)) throw fault
      await refreshForUnknownKey()
      return find(...asked)
    }
  }

  return { keyFor, stop: () => stopping.abort() }
}

/** Skips broken keys; throws when no key is left. */
function readKeys(text: string): Keys {
  const keys = (parsed(text) as { keys?: unknown } | null)?.keys
  const good = Array.isArray(keys) ? keys.filter(isKey) : []
  if (good.length === 0) throw new Error('what it sent holds no key')
  return createLocalJWKSet({ keys: good })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('what it sent is not JSON')
  }
}

function isKey(entry: unknown): boolean {
  try {
    return (
      typeof (entry as { kty?: unknown }).kty === 'string' && createLocalJWKSet({ keys: [entry as never] }) !== null
    )
  } catch {
    return false
  }
}

/** Shares one key set per URL among all titles, for the life of the process. */
export function keySetsOf({ clock, log }: Omit<KeySetParts, 'url'>) {
  const sets = new Map<string, KeySet>()
  return {
    of(url: string): KeySet {
      const set = sets.get(url) ?? openKeySet({ url, clock, log })
      sets.set(url, set)
      return set
    },
    stop: () => sets.forEach((set) => void set.stop()),
  }
}
export type KeySets = ReturnType<typeof keySetsOf>
