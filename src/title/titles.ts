import type { TitleSettings } from '../config/config.ts'
import { removeNamespace } from '../gateway/connection/on-demand.ts'
import type { Cancel, EpochMs, Log } from '../ports.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { TitleStores } from '../stores/title-stores.ts'
import { visitEach } from '../util/walls.ts'
import { keysOf } from './keys.ts'
import type { Keys, ProcessServices } from './parts.ts'
import { openTitle, type Title } from './title.ts'

const SWEEP_MS = 5_000
// After a failed opening, handshakes within this time do not try again.
const RETRY_MS = 1_000
const NAMESPACE = /^\/([a-z0-9-]{1,32})\/(lobby|match|admin)$/

interface TitlesParts {
  services: ProcessServices
  configured: ReadonlyMap<string, TitleSettings>
  /** The service's keys, for what a title does not set. */
  keys: Keys
  stores: TitleStores
}

/** The configured titles. Opens each for its first client, or when data of it is stored; closes it when it is unused. */
export function createTitles({ services, configured, keys, stores }: TitlesParts) {
  const { io, clock } = services
  const open = new Map<string, Title>()
  /** Titles that are being opened or closed. */
  const busy = new Map<string, Promise<void>>()
  const failedAt = new Map<string, EpochMs>()
  let isDraining = false
  let cancelSweep: Cancel | null = null

  async function ensureOpen(id: string): Promise<void> {
    for (let running = busy.get(id); running; running = busy.get(id)) await running
    const isFailing = clock.now() < (failedAt.get(id) ?? Number.NEGATIVE_INFINITY) + RETRY_MS
    const settings = configured.get(id)
    if (settings && !open.has(id) && !isFailing && !isDraining) await markBusy(id, tryOpen(id, settings))
  }

  function markBusy(id: string, task: Promise<void>): Promise<void> {
    const running = task.finally(() => busy.delete(id))
    busy.set(id, running)
    return running
  }

  async function tryOpen(id: string, settings: TitleSettings): Promise<void> {
    const log = titled(services.log, id)
    let title: Title | null = null
    try {
      const opened = await stores.open(id, log)
      const { modes, regions, lobbies: lobbySettings } = settings
      title = openTitle(
        { ...services, log },
        { prefix: `/${id}`, modes, regions, lobbySettings, keys: keysOf(id, settings, keys), stores: opened },
      )
      await title.start()
      open.set(id, title)
      failedAt.delete(id)
      cancelSweep ??= clock.at(clock.now() + SWEEP_MS, sweep)
      log.info({ modes: [...modes.keys()] }, 'title opened')
    } catch (err) {
      failedAt.set(id, clock.now())
      log.error({ err }, 'title could not be opened')
      if (title) await closeTitle(title).catch(() => {})
    }
  }

  async function closeTitle(title: Title): Promise<void> {
    // First, so that no handshake enters a title that is about to close.
    for (const namespace of title.namespaces) removeNamespace(io, namespace)
    await title.close()
  }

  function sweep(): void {
    try {
      visitEach(open, ([id, title]) => title.isUnused() && closeUnused(id, title))
    } finally {
      cancelSweep = open.size > 0 ? clock.at(clock.now() + SWEEP_MS, sweep) : null
    }
  }

  function closeUnused(id: string, title: Title): void {
    const log = titled(services.log, id)
    open.delete(id)
    markBusy(id, closeTitle(title)).then(
      () => log.info({}, 'unused title closed'),
      (err: unknown) => log.error({ err }, 'title could not be closed'),
    )
  }

  /** Opens the titles with stored data; the next sweep closes those that are unused. */
  async function start(): Promise<void> {
    const stored = stores.stored()
    const unknown = stored.filter((id) => !configured.has(id))
    if (unknown.length > 0)
      services.log.warn({ titles: unknown.length }, 'data of titles that are not configured is left alone')
    for (const id of stored.filter((one) => configured.has(one))) await ensureOpen(id)
  }

  async function drain(): Promise<void> {
    isDraining = true
    cancelSweep?.()
    await Promise.allSettled(busy.values())
    await Promise.all([...open.values()].map((title) => title.drain()))
  }

  async function closeAll(): Promise<void> {
    const all = [...open.values()]
    open.clear()
    await Promise.all(all.map(closeTitle))
  }

  const titleOf = (name: string): string | null => {
    const [, id = '', what] = NAMESPACE.exec(name) ?? []
    const settings = configured.get(id)
    if (!settings) return null
    return what !== 'admin' || keysOf(id, settings, keys).admin !== null ? id : null
  }

  return {
    start,
    drain,
    close: closeAll,
    /** Opens the title that a namespace belongs to; null when it belongs to none. */
    open(name: string): Promise<void> | null {
      const id = titleOf(name)
      return id === null ? null : ensureOpen(id)
    },
    whyNot(name: string): ErrorCode {
      if (titleOf(name) === null) return 'INVALID_NAMESPACE'
      return isDraining ? 'DRAINING' : 'UNAVAILABLE'
    },
    all: (): ReadonlyMap<string, Title> => open,
  }
}

function titled(log: Log, title: string): Log {
  const at = (level: keyof Log) => (fields: object, phrase: string) => log[level]({ title, ...fields }, phrase)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
