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
// A title whose store cannot be opened is not tried again with every knock.
const RETRY_MS = 1_000
const NAMESPACE = /^\/([a-z0-9-]{1,32})\/(lobby|match|admin)$/

interface TitlesParts {
  services: ProcessServices
  configured: ReadonlyMap<string, TitleSettings>
  /** Of the service: in place of those that a title does not have. */
  keys: Keys
  stores: TitleStores
}

/** The configured titles: each is opened for its first visitor, or because matches of it are stored, and goes when unused. */
export function createTitles({ services, configured, keys, stores }: TitlesParts) {
  const { io, clock } = services
  const open = new Map<string, Title>()
  /** Titles that are just being opened or closed. */
  const busy = new Map<string, Promise<void>>()
  const failedAt = new Map<string, EpochMs>()
  let isDraining = false
  let cancelSweep: Cancel | null = null

  async function ensureOpen(id: string): Promise<void> {
    for (let turn = busy.get(id); turn; turn = busy.get(id)) await turn
    const isFailing = clock.now() < (failedAt.get(id) ?? Number.NEGATIVE_INFINITY) + RETRY_MS
    const settings = configured.get(id)
    if (settings && !open.has(id) && !isFailing && !isDraining) await inTurn(id, () => bringUp(id, settings))
  }

  function inTurn(id: string, task: () => Promise<void>): Promise<void> {
    const turn = task().finally(() => busy.delete(id))
    busy.set(id, turn)
    return turn
  }

  async function bringUp(id: string, settings: TitleSettings): Promise<void> {
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
      if (title) await takeDown(title).catch(() => {})
    }
  }

  async function takeDown(title: Title): Promise<void> {
    // At once, so that whoever knocks from now on is not let into what is about to go.
    for (const namespace of title.namespaces) removeNamespace(io, namespace)
    await title.close()
  }

  function sweep(): void {
    try {
      visitEach(open, ([id, title]) => title.isUnused() && close(id, title))
    } finally {
      cancelSweep = open.size > 0 ? clock.at(clock.now() + SWEEP_MS, sweep) : null
    }
  }

  function close(id: string, title: Title): void {
    const log = titled(services.log, id)
    open.delete(id)
    inTurn(id, () => takeDown(title)).then(
      () => log.info({}, 'title closed, nobody is there'),
      (err: unknown) => log.error({ err }, 'title could not be closed'),
    )
  }

  /** Brings back the titles of which something may be stored; those with nothing going on are gone at the next sweep. */
  async function start(): Promise<void> {
    const stored = stores.stored()
    const strays = stored.filter((id) => !configured.has(id))
    if (strays.length > 0)
      services.log.warn({ titles: strays.length }, 'data of titles that are not configured is left alone')
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
    await Promise.all(all.map(takeDown))
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
