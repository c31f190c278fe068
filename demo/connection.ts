import { ConnectError, connect, type Muster, type Session } from '../src/client/client.ts'
import { setServerTime } from './clock.ts'
import { tab } from './memory.ts'
import { hideBanner, showBanner } from './screens/banner.ts'

interface Watcher {
  /** The connection is back after it was lost; `session` says what is still mine. */
  cameBack(session: Session): void
  /** The server does not know this player any more: a guest who comes now is someone else. */
  forgotten(): void
}
const SLOW_MS = 3_000
const RETRY_MS = 2_000
const TOKEN_REFUSALS = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED'])

/** Connects as whom this tab was before, or as a new guest. Throws a `ConnectError` that the player can act on. */
export async function openConnection(name: string, watcher: Watcher): Promise<Muster> {
  const slow = setTimeout(showBanner, SLOW_MS, 'The server does not answer – still trying…')
  try {
    const muster = await connectAs(name)
    watch(muster, watcher)
    return muster
  } finally {
    clearTimeout(slow)
    hideBanner()
  }
}

async function connectAs(name: string): Promise<Muster> {
  const kept = tab.recall()
  const named = name === '' ? {} : { name }
  if (!kept) return connect(location.origin, { ...named, onSession })
  try {
    return await connect(location.origin, { ...named, token: kept.token, onSession })
  } catch (fault) {
    if (!(fault instanceof ConnectError && TOKEN_REFUSALS.has(fault.code))) throw fault
    tab.forget()
    return connect(location.origin, { ...named, onSession })
  }
}

function onSession({ playerId, token, now }: Session): void {
  tab.keep({ playerId, token })
  setServerTime(now)
}

// Socket.IO comes back by itself after a broken line. After a word of the server's it waits to be told.
function watch({ lobby: { socket }, close }: Muster, { cameBack, forgotten }: Watcher): void {
  const retry = () => setTimeout(() => socket.active || socket.connect(), RETRY_MS)
  let isDraining = false

  socket.on('session', (session) => {
    isDraining = false
    hideBanner()
    cameBack(session)
  })
  socket.on('server:draining', () => {
    isDraining = true
    showBanner('The server is about to restart…')
  })
  socket.on('disconnect', (reason) => {
    if (reason === 'io client disconnect') return hideBanner()
    showBanner(isDraining ? 'The server restarts – coming back…' : 'Connection lost – coming back…')
    if (reason === 'io server disconnect') retry()
  })
  socket.on('connect_error', (fault: Error & { data?: { code: string } }) => {
    if (!fault.data) return
    if (!TOKEN_REFUSALS.has(fault.data.code)) return void retry()
    close()
    tab.forget()
    hideBanner()
    forgotten()
  })
}
