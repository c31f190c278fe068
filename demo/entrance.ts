import { ConnectError, type Muster, type Session } from '../src/client/client.ts'
import { openConnection } from './connection.ts'

interface EntranceParts {
  /** Called with each new connection, the first or one under another name, to add listeners. */
  cameIn(muster: Muster): void
  cameBack(session: Session): void
  forgotten(): void
}

/** The single connection of this tab. */
export function createEntrance({ cameIn, cameBack, forgotten }: EntranceParts) {
  let muster: Muster | null = null
  let entering: Promise<unknown> = Promise.resolve()

  /** Connects under the wished name, or returns the error that the player can act on. */
  function enter(name: string): Promise<Muster | ConnectError> {
    const entered = entering.then(() => (isFor(name) && muster) || open(name))
    entering = entered.catch(() => {})
    return entered
  }

  const isFor = (name: string) => name === '' || name === muster?.session.name

  async function open(name: string): Promise<Muster | ConnectError> {
    const before = muster
    const opened = await openConnection(name, { cameBack, forgotten: isForgotten }).catch(faultOf)
    if (opened instanceof ConnectError) return opened
    muster = opened
    cameIn(opened)
    // Closed only now: after a refused name the previous connection goes on.
    before?.close()
    return opened
  }

  function isForgotten(): void {
    muster = null
    forgotten()
  }

  return { enter, muster: () => muster }
}

function faultOf(fault: unknown): ConnectError {
  if (fault instanceof ConnectError) return fault
  throw fault
}
