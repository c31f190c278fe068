import type { Mode } from '../../src/config/modes.ts'
import type { MatchStore } from '../../src/match/match-store.ts'
import { createMatches, type Matches } from '../../src/match/matches.ts'
import type { MatchCommand } from '../../src/match/service.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { sharedSandbox, timedSandbox } from '../../src/system/sandbox.ts'
import { newId, systemClock } from '../../src/system/system.ts'
import { alwaysServing } from '../../src/util/outage.ts'
import type { Game } from './games.ts'

/** Matches without sockets: the audience only counts lines. */
function matchesOf(mode: Mode, store: MatchStore) {
  let told = 0
  const quiet = () => {}
  const matches = createMatches({
    store,
    audience: {
      enter: quiet,
      heard: () => ({}),
      tell(_, lines) {
        told += lines.length
      },
      release: quiet,
      dismiss: quiet,
    },
    news: {
      progressed: quiet,
      confirmed: quiet,
      cancelled: quiet,
      left: quiet,
      began: quiet,
      roomChanged: quiet,
      ended: quiet,
    },
    modes: new Map([[mode.id, mode]]),
    sandbox: timedSandbox,
    sharedSandbox,
    clock: systemClock,
    time: alwaysServing(systemClock),
    newId,
    log: { debug: quiet, info: quiet, warn: quiet, error: console.error },
    seats: { reserve: () => quiet, isFree: () => true, isElsewhere: () => false },
  })
  return { matches, told: () => told }
}

/** Sends a request over the one connection of a player. */
const ask = <E extends MatchCommand['event']>(matches: Matches, playerId: PlayerId, event: E, payload: unknown) =>
  matches.service.handle({ player: { id: playerId, name: playerId }, connection: playerId, event, payload })

interface PlayedMatch {
  matchId: MatchId
  playerIds: readonly PlayerId[]
  /** The seat that has the first turn. */
  first: number
}

/** Opens a match for two and lets both join; it is `playing` afterwards. */
async function openPlayed(matches: Matches, mode: Mode): Promise<PlayedMatch> {
  const playerIds = [newId() as PlayerId, newId() as PlayerId]
  const players = playerIds.map((playerId, n) => ({ playerId, name: `player ${n}`, queuedAt: systemClock.now() }))
  const { matchId } = (await matches.open(mode, players)) ?? {}
  if (!matchId) throw new Error('a match could not be opened')
  let game: unknown
  for (const playerId of playerIds) {
    const joined = await ask(matches, playerId, 'match:join', { matchId, as: 'player' })
    if (!joined.ok) throw new Error(`a player could not join: ${joined.error.code}`)
    game = joined.match.game
  }
  return { matchId, playerIds, first: (game as { turn: number } | undefined)?.turn ?? 0 }
}

/**
 * Opens this many matches; resolves to a function that makes the next action in one of them, and reports why it failed.
 */
export async function openActors({ mode, action }: Game, store: MatchStore, count: number) {
  const { matches, told } = matchesOf(mode, store)
  const played: (PlayedMatch & { acts: number })[] = []
  for (let n = 0; n < count; n += 1) played.push({ ...(await openPlayed(matches, mode)), acts: 0 })

  async function act(index: number): Promise<string | null> {
    const match = played[index]
    if (!match) throw new Error(`there is no match ${index}`)
    const n = match.acts++
    const playerId = match.playerIds[(match.first + n) % 2] as PlayerId
    const reply = await ask(matches, playerId, 'match:act', action(n))
    return reply.ok ? null : reply.error.code
  }

  async function close(): Promise<void> {
    await matches.letGoAll()
    await store.close()
  }
  return { act, close, told }
}
