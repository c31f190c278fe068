import type { Muster } from '../src/client/client.ts'
import type { createEnd } from './screens/end.ts'
import type { MatchScreen } from './screens/match.ts'
import type { createSearching } from './screens/searching.ts'
import { show } from './screens/show.ts'
import type { createWelcome } from './screens/welcome.ts'
import type { Ending } from './table.ts'
import type { Together } from './together/together.ts'
import { type Leave, type Visit, visitMatch } from './visit.ts'

/** The player's current place. Events for another place are late and ignored. */
type Place =
  | { at: 'arriving' | 'welcome' | 'lobby' | 'end' }
  /** `isMine`: the search was started in this tab. */
  | { at: 'searching'; isMine: boolean; isCalledOff?: true }
  | { at: 'match'; visit: Visit }

interface PlacesParts {
  muster(): Muster | null
  together: Together
  welcome: ReturnType<typeof createWelcome>
  searching: ReturnType<typeof createSearching>
  match: MatchScreen
  end: ReturnType<typeof createEnd>
}

/** The places of the demo and the ways between them. */
export function createPlaces({ muster, together, welcome, searching, match, end }: PlacesParts) {
  let place: Place = { at: 'arriving' }

  function go(to: Place, matchId: string | null = null): void {
    depart()
    place = to
    together.setMatch(matchId)
  }

  function depart(): void {
    if (place.at === 'welcome') together.lookAway()
    if (place.at !== 'match') return
    place.visit.end()
    match.close()
  }

  /** Shows the lobby to a player in one. */
  function toHome(text = ''): void {
    if (together.lobby()) toLobby(text)
    else toWelcome(text)
  }

  function toWelcome(text = ''): void {
    go({ at: 'welcome' })
    together.look()
    welcome.open(text)
  }

  function toLobby(text = ''): void {
    go({ at: 'lobby' })
    together.openLobby(text)
  }

  function toSearching({ mode = welcome.wish().mode, text = '', isMine = true }): void {
    go({ at: 'searching', isMine })
    searching.open({ mode, name: muster()?.session.name ?? '', text })
  }

  function toMatch(matchId: string): void {
    const there = muster()
    if (!there || (place.at === 'match' && place.visit.matchId === matchId)) return
    depart()
    match.expect()
    place = { at: 'match', visit: visitMatch({ muster: there, matchId, screen: match, over: toEnd, goOn: toMatch }) }
    together.setMatch(matchId)
    show('match')
  }

  function toEnd(ending: Ending): void {
    go({ at: 'end' })
    end.open({ ...ending, picture: match.picture() })
  }

  return {
    now: () => place,
    toHome,
    toWelcome,
    toLobby,
    toSearching,
    toMatch,
    toEnd,
    /** Gives up the search on the screen. */
    callOff(): void {
      place = { at: 'searching', isMine: false, isCalledOff: true }
    },
    /** Gives the seat up; the caller decides where to go. */
    leaveMatch(visit: Visit): Leave {
      const left = visit.leave()
      go({ at: 'end' })
      return left
    },
  }
}
