import { ConnectError, type Muster, type Session } from '../src/client/client.ts'
import { openConnection } from './connection.ts'
import { device, tab } from './memory.ts'
import { createEnd } from './screens/end.ts'
import { createMatchScreen } from './screens/match.ts'
import { createSearching } from './screens/searching.ts'
import { show } from './screens/show.ts'
import { createWelcome, type Wish } from './screens/welcome.ts'
import type { Ending } from './table.ts'
import { answerTwins, isPlayedElsewhere } from './twin-tab.ts'
import { type Leave, type Visit, visitMatch } from './visit.ts'

/** Where the player is. What arrives for another place comes too late, and is left alone. */
type Place = { at: 'welcome' } | { at: 'searching' } | { at: 'match'; visit: Visit } | { at: 'end' }

const whyCancelled = {
  declined: 'Someone left before the start',
  notAccepted: 'Someone did not answer',
  noShow: 'Someone did not come',
  operator: 'The operator stepped in',
}

const cutShort: Ending = { title: 'Cut short', text: 'The server was restarted, and the match is gone.' }

/** The way through the demo: welcome → searching → match → end, and back in after a reload or a lost connection. */
export function createPlay() {
  const welcome = createWelcome((wish) => void play(wish))
  const searching = createSearching(() => void cancel())
  const match = createMatchScreen({ leave, findNew: () => void findNew() })
  const end = createEnd({ playAgain: () => void search(), change: () => toWelcome() })
  let place: Place = { at: 'welcome' }
  let muster: Muster | null = null
  let name = ''
  let mode = device.recall('mode') ?? 'duel'
  let leftMatch = ''

  /** A tab that was here before goes on where it was. */
  async function arrive(): Promise<void> {
    const kept = tab.recall()
    if (kept && (await isPlayedElsewhere(kept.playerId))) tab.forget()
    answerTwins(() => muster?.session.playerId ?? null)
    if (!tab.recall()) return toWelcome()
    const fault = await enter()
    if (fault) return toWelcome(fault.message)
    welcome.setName(name)
    if (muster) cameBack(muster.session)
    if (place.at === 'welcome') toWelcome()
  }

  /** Connects; returns the fault that kept us out, one that the player can act on. */
  async function enter(): Promise<ConnectError | null> {
    try {
      muster = await openConnection(name, { cameBack, forgotten })
    } catch (fault) {
      if (fault instanceof ConnectError) return fault
      throw fault
    }
    name = muster.session.name
    listen(muster)
    return null
  }

  function listen({ lobby: { socket } }: Muster): void {
    socket.on('queue:updated', (progress) => {
      if (place.at === 'searching') searching.progress(progress)
    })
    socket.on('queue:ended', ({ reason }) => {
      // After a restart the search begins anew, by itself.
      if (place.at !== 'searching' || reason === 'matched' || reason === 'drained') return
      toWelcome(reason === 'cancelled' ? '' : 'The search has ended. Press Play to search again.')
    })
    socket.on('match:found', ({ matchId }) => toMatch(matchId))
    socket.on('match:cancelled', ({ matchId, reason, requeued }) => {
      if (matchId === leftMatch) return
      const why = whyCancelled[reason]
      if (requeued) toSearching(`${why}: the search goes on.`)
      else toWelcome(`${why}: the match was called off.`)
    })
  }

  /** What is still mine decides where I go on. */
  function cameBack({ resumed: { match, ticket } }: Session): void {
    if (match) return match.matchId === leftMatch ? void leaveAgain(leftMatch) : toMatch(match.matchId)
    if (ticket) {
      if (place.at !== 'searching') toSearching()
      return searching.queued(ticket.queuedAt)
    }
    // The ticket does not wait for long; whoever still looks at this screen still wants to play.
    if (place.at === 'searching') void search()
  }

  function forgotten(): void {
    muster = null
    if (place.at === 'searching') void search()
    if (place.at === 'match') toEnd(place.visit.verdict() ?? cutShort)
  }

  async function play(wish: Wish): Promise<void> {
    mode = wish.mode
    const isSomeoneElse = wish.name !== '' && wish.name !== name
    if (isSomeoneElse) {
      muster?.close()
      muster = null
      name = wish.name
    }
    welcome.setBusy(true)
    await search()
  }

  async function search(): Promise<void> {
    const fault = muster ? null : await enter()
    if (fault?.code === 'NAME_INVALID') return refuseName(fault.message)
    if (fault || !muster) return toWelcome(fault?.message)
    toSearching()
    const reply = await muster.lobby.ask('queue:join', { mode })
    if (place.at !== 'searching') return
    if (reply.ok) return searching.queued(reply.ticket.queuedAt)
    if (reply.error.code === 'ALREADY_QUEUED') return
    // Of a match that this tab knows nothing of, leaving the queue tells the id.
    if (reply.error.code === 'ALREADY_IN_MATCH') return cancel()
    toWelcome(reply.error.message)
  }

  async function cancel(): Promise<void> {
    const reply = await muster?.lobby.ask('queue:leave', {})
    if (place.at !== 'searching') return
    if (reply?.ok && reply.matchId !== undefined) return toMatch(reply.matchId)
    toWelcome()
  }

  function leave(): void {
    if (place.at !== 'match') return
    toEnd(leaveMatch(place.visit).ending)
  }

  async function findNew(): Promise<void> {
    if (place.at !== 'match') return
    const { told } = leaveMatch(place.visit)
    toSearching()
    await told
    await search()
  }

  function leaveMatch(visit: Visit): Leave {
    const left = visit.leave()
    depart()
    place = { at: 'end' }
    leftMatch = visit.matchId
    return left
  }

  // Whoever left without a connection has said so to nobody.
  async function leaveAgain(matchId: string): Promise<void> {
    const room = await muster?.joinMatch(matchId)
    if (room?.ok) await room.leave()
    if (place.at === 'searching') await search()
  }

  function depart(): void {
    if (place.at !== 'match') return
    place.visit.end()
    match.close()
  }

  function toWelcome(text = ''): void {
    depart()
    place = { at: 'welcome' }
    welcome.open(text)
  }

  function refuseName(text: string): void {
    place = { at: 'welcome' }
    name = ''
    welcome.refuseName(text)
  }

  function toSearching(text = ''): void {
    depart()
    place = { at: 'searching' }
    searching.open({ mode, name, text })
  }

  function toMatch(matchId: string): void {
    if (!muster || (place.at === 'match' && place.visit.matchId === matchId)) return
    depart()
    match.expect()
    place = { at: 'match', visit: visitMatch({ muster, matchId, screen: match, over: toEnd, goOn: toMatch }) }
    show('match')
  }

  function toEnd(ending: Ending): void {
    depart()
    place = { at: 'end' }
    end.open({ ...ending, picture: match.picture() })
  }

  return { arrive }
}
