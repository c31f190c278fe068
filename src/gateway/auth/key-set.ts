import { createLocalJWKSet, type JWTVerifyGetKey, errors as jose } from 'jose'
import type { Clock, EpochMs, Log } from '../../ports.ts'
import { fetchSmallText } from './small-fetch.ts'

// A set of keys weighs a few KB. Socket.IO cuts whoever is in no namespace after 5 s, so the answer has to be there before.
const MOST_BYTES = 262_144
const MOST_MS = 3_000
// Keys that are older are looked up again, while they go on counting.
const FRESH_MS = 600_000
// After a failure nobody asks again for so long.
const PAUSE_MS = 1_000
// A token under a key that is not in the set has it looked up again once, then once in so long.
const UNKNOWN_PAUSE_MS = 10_000

/** The issuer cannot be asked, so nothing can be said of the token. */
export class KeysUnavailableError extends Error {}

export interface KeySet {
  /** The key that a token names; what `jwtVerify` takes. Rejects with a `KeysUnavailableError` while nobody can tell. */
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
 * The public keys at a JWKS URL, fetched when the first token wants one. Those that are known stay good while the issuer
 * is away; however many tokens ask, and whatever keys they name, at most one request is under way.
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
      if (isFailing) log.info({ setting: 'JWKS_URL' }, 'keys of the backend are here again')
      isFailing = false
    } catch (fault) {
      failedAt = clock.now()
      const why = (fault as Error).message
      if (!isFailing)
        log.error({ setting: 'JWKS_URL', why, known: keys !== null }, 'keys of the backend could not be had')
      isFailing = true
    }
  }

  /** Resolves once what can be known now is known. */
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

  async function lookAgain(): Promise<void> {
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
      await lookAgain()
      return find(...asked)
    }
  }

  return { keyFor, stop: () => stopping.abort() }
}

/** Throws when there is no key in it; one that is broken costs the others nothing. */
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

/** One set for each URL, whichever titles believe it, for as long as the process lives. */
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
