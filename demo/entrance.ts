import { ConnectError, type Muster, type Session } from '../src/client/client.ts'
import { openConnection } from './connection.ts'

interface EntranceParts {
  /** There is a connection now, the first one or one under another name: what is to be heard is heard on it. */
  cameIn(muster: Muster): void
  cameBack(session: Session): void
  forgotten(): void
}

/** The one connection of this tab: everyone who needs it shares it. */
export function createEntrance({ cameIn, cameBack, forgotten }: EntranceParts) {
  let muster: Muster | null = null
  let entering: Promise<unknown> = Promise.resolve()

  /** Connects as whoever is wished for, or returns the fault that kept us out, one that the player can act on. */
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
    // Only now: with a name that is refused, the connection from before goes on, and nobody was away.
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
