import { connect, type Muster, type Session } from '../src/client/client.ts'
import { setServerTime } from './clock.ts'
import { tab } from './memory.ts'
import { hideBanner, showBanner } from './screens/banner.ts'

interface Watcher {
  /** Called after a reconnect; `session` has the player's current ticket, match, party and lobby. */
  cameBack(session: Session): void
  /** The server no longer accepts this player's token; a new guest is another player. */
  forgotten(): void
}
const SLOW_MS = 3_000

/** Connects as the player of this tab, or as a new guest. Throws a `ConnectError` that the player can act on. */
export async function openConnection(name: string, watcher: Watcher): Promise<Muster> {
  const slow = setTimeout(showBanner, SLOW_MS, 'The server does not answer – still trying…')
  const kept = tab.recall()
  let isIn = false
  try {
    const muster = await connect(location.origin, {
      ...(name !== '' && { name }),
      ...(kept && { token: kept.token }),
      onSession,
      sessionLost(why) {
        tab.forget()
        if (!isIn) return
        hideBanner()
        setTimeout(watcher.forgotten)
        throw why
      },
      timeoutMs: Number.POSITIVE_INFINITY,
    })
    isIn = true
    watch(muster, watcher)
    return muster
  } finally {
    clearTimeout(slow)
    hideBanner()
  }
}

function onSession({ playerId, token, now }: Session): void {
  tab.keep({ playerId, token })
  setServerTime(now)
}

function watch(muster: Muster, { cameBack }: Watcher): void {
  let isDraining = false

  muster.on('server:draining', () => {
    isDraining = true
    showBanner('The server is about to restart…')
  })
  muster.onStatus((status) => {
    if (status === 'reconnecting')
      return showBanner(isDraining ? 'The server restarts – coming back…' : 'Connection lost – coming back…')
    isDraining = false
    hideBanner()
    if (status === 'connected') cameBack(muster.session)
  })
}
