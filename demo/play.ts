import { ConnectError, type Muster, type Session } from '../src/client/client.ts'
import { byId } from './dom.ts'
import { createEntrance } from './entrance.ts'
import { hearSearch } from './hear.ts'
import { takeInvitation } from './invitation.ts'
import { device, type Kept, tab } from './memory.ts'
import { createPlaces } from './places.ts'
import { createEnd } from './screens/end.ts'
import { confirmLeaving } from './screens/leaving.ts'
import { createMatchScreen } from './screens/match.ts'
import { createSearching } from './screens/searching.ts'
import { createWelcome } from './screens/welcome.ts'
import { askWho } from './screens/who.ts'
import type { Ending } from './table.ts'
import { createTogether } from './together/together.ts'
import { answerTwins, isPlayedElsewhere } from './twin-tab.ts'
import { offerWayBack, rememberWayBack } from './way-back.ts'

const cutShort: Ending = { title: 'Cut short', text: 'The server was restarted, and the match is gone.' }

/** The way through the demo: welcome or lobby → searching → match → end, and back in after a lost connection. */
export function createPlay() {
  const { enter, muster } = createEntrance({ cameIn, cameBack, forgotten })
  const welcome = createWelcome(() => void play())
  const searching = createSearching({ cancel: () => void cancel(), muster, mates: () => together.group()?.size ?? 1 })
  const match = createMatchScreen({ goOn: () => void goOn() })
  const end = createEnd({ onwards: () => (together.lobby() ? toHome() : void play()), change })
  const together = createTogether({
    muster,
    enter: enterAsWished,
    mode: () => welcome.wish().mode,
    cameIntoLobby,
    moved,
  })
  const places = createPlaces({ muster, together, welcome, searching, match, end })
  const { toHome, toWelcome, toSearching, toMatch, toEnd } = places
  let leftMatch = ''
  byId('leave', HTMLButtonElement).addEventListener('click', leave)

  /** A reloaded tab resumes where it was; an invitation leads to its lobby or party. */
  async function arrive(): Promise<void> {
    const invitation = takeInvitation()
    const kept = tab.recall()
    if (kept && (await isPlayedElsewhere(kept.playerId))) tab.forget()
    answerTwins(() => muster()?.session.playerId ?? null)
    rememberWayBack(() => !['arriving', 'welcome', 'end'].includes(places.now().at))
    const isNew = !tab.recall()
    if (isNew && !invitation) {
      toWelcome()
      void offerWayBack(goBack)
    }
    // Asks friends who open a link for a name.
    if (isNew && invitation && !device.recall('name')) await askWho(enterAs)
    const entered = await enter(isNew ? welcome.wish().name : '')
    if (entered instanceof ConnectError) return refuse(entered)
    if (!isNew) welcome.setName(entered.session.name)
    resume(entered.session)
    const fault = invitation ? await together.accept(invitation) : ''
    if (fault || isAt('arriving')) toHome(fault)
  }

  async function enterAs(name: string): Promise<string> {
    const entered = await enter(name)
    if (entered instanceof ConnectError) return entered.message
    welcome.setName(name)
    return ''
  }

  /** Connects as the player of a closed tab. */
  function goBack(player: Kept): void {
    muster()?.close()
    tab.keep(player)
    location.reload()
  }

  const isAt = (place: ReturnType<typeof places.now>['at']) => places.now().at === place

  function cameIn(there: Muster): void {
    welcome.setGuestName(there.session.name)
    together.hear(there)
    if (isAt('welcome')) together.look()
    hearSearch(there, {
      joined(ticket) {
        if (mayFollow()) toSearching({ mode: ticket.mode, isMine: false })
        if (isAt('searching')) searching.queued(ticket)
      },
      searching(progress) {
        if (isAt('searching')) searching.progress(progress)
      },
      searchEnded(text) {
        const place = places.now()
        if (place.at === 'searching') toHome(place.isCalledOff ? '' : text)
      },
      found: toMatch,
      cancelled(matchId, text, goesOn) {
        if (matchId === leftMatch) return
        if (goesOn) toSearching({ text })
        else toHome(text)
      },
    })
  }

  function mayFollow(): boolean {
    const place = places.now()
    return place.at === 'match' ? place.visit.verdict() !== null : place.at !== 'searching' && place.at !== 'arriving'
  }

  function cameBack(session: Session): void {
    together.catchUp()
    resume(session)
  }

  /** Resumes in the player's current match, search or lobby. */
  function resume({ resumed }: Session): void {
    const { match: seat, ticket } = resumed
    const place = places.now()
    together.resume(resumed)
    if (seat) return seat.matchId === leftMatch ? void leaveAgain(leftMatch) : toMatch(seat.matchId)
    if (ticket) {
      if (place.at !== 'searching') toSearching({ mode: ticket.mode })
      return searching.queued(ticket)
    }
    // The ticket may have expired; a player who still sees this screen queues again.
    if (place.at === 'searching') return place.isMine ? void search() : toHome()
    if (place.at === 'arriving' && together.lobby()) toHome()
  }

  function forgotten(): void {
    together.forget()
    const place = places.now()
    if (place.at === 'searching') void search()
    else if (place.at === 'match') toEnd(place.visit.verdict() ?? cutShort)
    else if (place.at === 'welcome') void enterAsWished()
  }

  /** Connects under the typed name, or shows why it cannot. */
  async function enterAsWished(): Promise<Muster | null> {
    const { name } = welcome.wish()
    const entered = await enter(name)
    if (!(entered instanceof ConnectError)) return entered
    refuse(entered)
    return null
  }

  function refuse({ code, message }: ConnectError): void {
    toWelcome(code === 'NAME_INVALID' ? '' : message)
    if (code === 'NAME_INVALID') welcome.refuseName(message)
  }

  async function play(): Promise<void> {
    welcome.setBusy(true)
    await search()
    welcome.setBusy(false)
  }

  async function search(): Promise<void> {
    const there = await enterAsWished()
    if (!there) return
    const { mode } = welcome.wish()
    toSearching({ mode })
    const reply = await there.queue.join({ mode })
    if (!isAt('searching')) return
    if (reply.ok) return searching.queued(reply.ticket)
    if (reply.error.code === 'ALREADY_QUEUED') return
    // `queue:leave` gives the id of a match that this tab does not know.
    if (reply.error.code === 'ALREADY_IN_MATCH') return cancel()
    const advice = reply.error.code === 'PARTY_TOO_LARGE' ? ' Two of you can play two and two; or open a lobby.' : ''
    toHome(reply.error.message + advice)
  }

  async function cancel(): Promise<void> {
    places.callOff()
    const reply = await muster()?.queue.leave()
    if (!isAt('searching')) return
    if (reply?.ok && reply.matchId !== undefined) return toMatch(reply.matchId)
    toHome()
  }

  function leave(): void {
    const place = places.now()
    if (place.at === 'lobby') return void together.leaveLobby()
    if (place.at !== 'match') return
    if (place.visit.verdict()) giveUpSeat()
    else confirmLeaving(giveUpSeat)
  }

  function giveUpSeat(): void {
    const place = places.now()
    if (place.at !== 'match') return
    leftMatch = place.visit.matchId
    toEnd(places.leaveMatch(place.visit).ending)
  }

  /** Searches for other players, or returns to the lobby. */
  async function goOn(): Promise<void> {
    const place = places.now()
    if (place.at !== 'match') return
    leftMatch = place.visit.matchId
    const { told } = places.leaveMatch(place.visit)
    if (together.lobby()) return toHome()
    toSearching({})
    await told
    await search()
  }

  // A leave without a connection has not reached the server.
  async function leaveAgain(matchId: string): Promise<void> {
    const room = await muster()?.joinMatch(matchId)
    if (room?.ok) await room.leave()
    if (isAt('searching')) await search()
  }

  function change(): void {
    if (together.lobby()) void together.leaveLobby()
    else toWelcome()
  }

  function cameIntoLobby(): void {
    if (!isAt('match') && !isAt('searching')) places.toLobby()
  }

  /** Called when the lobby or the party has changed. */
  function moved(text: string): void {
    const isInLobby = together.lobby() !== null
    welcome.setGroup(together.group())
    match.setInLobby(isInLobby)
    end.setInLobby(isInLobby)
    if (!isInLobby && isAt('lobby')) toWelcome(text)
    if (!isInLobby && isAt('end') && text) toWelcome(text)
  }

  return { arrive }
}
