import type { GameRules } from '../../src/config/rules.ts'
import { nextDeadline } from '../../src/machines/match/deadlines.ts'
import type { MachineEvent } from '../../src/machines/match/machine-events.ts'
import type { MatchInput } from '../../src/machines/match/match-context.ts'
import { type MatchSnapshot, openMatch, playOf, type Referee, stepMatch } from '../../src/machines/match/match-step.ts'
import { hasNoPauseLeft, pauseGapLeftMs, pauseLeftMs } from '../../src/machines/match/pausing.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { dice } from '../../src/util/random.ts'

export interface Move {
  type: string
  data?: unknown
}
/** Something that can happen to a match; `text` is for a person. */
export interface Choice {
  text: string
  event: (at: number) => MachineEvent
}
/** An action of a seat: the rules decide whether it happens. */
export interface Acting {
  text: string
  seat: number
}
interface PlayedMove extends Move {
  seat: number
}
/** Returns an action that the seat may want to send, or null. */
type MoveMaker = (of: { view: never; seat: number; random: () => number }) => Move | null

const STEP_MS = 1_000
const OUTAGE_MS = 60_000
const SPECTATOR = 'spectator' as PlayerId
const MOST_DEADLINES = 10_000

/** Several steps in one, so that plays become short. */
const PLAY_BEGINS: Choice = {
  text: 'everyone joins, and play begins',
  event: () => {
    throw new Error('more than one event')
  },
}

/** A match at an instant. */
export interface Position {
  snapshot: MatchSnapshot
  now: number
}
export interface Table {
  input: MatchInput
  referee: Referee
  move: MoveMaker
}

export const refereeOf = (rules: GameRules): Referee => ({ rules, sandbox: (run) => run() })

export const begin = ({ input }: Table): Position => ({ snapshot: openMatch(input).snapshot, now: input.at })

/** What may happen to the match now, apart from actions and passing time. */
export function choicesAt({ snapshot, now }: Position): Choice[] {
  const { state, context } = snapshot
  if (state === 'closed') return []
  const { seats, spectators } = context
  const players = seats.flatMap(({ seat, playerId, status }): Choice[] => {
    const of = (type: 'player.joined' | 'player.dropped' | 'player.quit' | 'player.accepted' | 'player.declined') => ({
      text: `seat ${seat}: ${type.replace('player.', '')}`,
      event: (at: number) => ({ type, playerId, at }),
    })
    if (state === 'proposed') return [of('player.accepted'), of('player.declined')]
    if (status === 'left') return []
    return status === 'present' ? [of('player.dropped'), of('player.quit')] : [of('player.joined'), of('player.quit')]
  })
  const isWatched = spectators.some(({ playerId }) => playerId === SPECTATOR)
  const others: Choice[] = [
    isWatched
      ? { text: 'a spectator leaves', event: (at) => ({ type: 'spectator.left', playerId: SPECTATOR, at }) }
      : {
          text: 'a spectator comes',
          event: (at) => ({ type: 'spectator.joined', playerId: SPECTATOR, name: 'spectator', at }),
        },
    { text: 'the server restarts', event: (at) => ({ type: 'service.restored', outageMs: OUTAGE_MS, jumpMs: 0, at }) },
  ]
  const pausing = seats.flatMap(({ seat, status }): Choice[] => {
    if (status !== 'present') return []
    if (state === 'paused' && context.pause?.seat === seat)
      return [{ text: `seat ${seat}: resumes`, event: (at) => ({ type: 'player.resumed', seat, at }) }]
    const mayPause =
      state === 'playing' &&
      pauseLeftMs(context, seat) > 0 &&
      !hasNoPauseLeft(context, seat) &&
      pauseGapLeftMs(context, seat, now) === 0
    return mayPause ? [{ text: `seat ${seat}: pauses`, event: (at) => ({ type: 'player.paused', seat, at }) }] : []
  })
  const isBeforePlay = state === 'proposed' || state === 'gathering' || state === 'countdown'
  return [...(isBeforePlay ? [PLAY_BEGINS] : []), ...players, ...others, ...pausing]
}

/** The seats that may act now. */
export const actingAt = ({ snapshot: { state, context } }: Position): Acting[] =>
  state !== 'playing' || !context.game
    ? []
    : context.seats.flatMap(({ seat, status }) => (status === 'present' ? [{ text: `seat ${seat}`, seat }] : []))

/** Lets all deadlines up to an instant pass, in their order. */
export function letPass({ snapshot, now }: Position, until: number, table: Table): Position {
  let at = { snapshot, now }
  for (let passed = 0; ; passed += 1) {
    const due = nextDeadline(at.snapshot.state, at.snapshot.context)
    if (due === null || due > until) return { snapshot: at.snapshot, now: Math.max(now, until) }
    if (passed > MOST_DEADLINES) throw new Error(`deadline: more than ${MOST_DEADLINES} deadlines without an action`)
    at = stepped(at, { type: 'deadline.passed', heard: {}, at: due }, table)
  }
}

/** The next deadline passes. */
export function nextDeadlinePasses(position: Position, table: Table): Position {
  const due = nextDeadline(position.snapshot.state, position.snapshot.context)
  return due === null ? position : letPass(position, Math.max(due, position.now), table)
}

export function happen(position: Position, choice: Choice, table: Table): Position {
  const before = letPass(position, position.now + STEP_MS, table)
  if (choice === PLAY_BEGINS) return beginPlay(before, table)
  return stepped(before, choice.event(before.now), table)
}

function beginPlay(position: Position, table: Table): Position {
  const all = (from: Position, type: 'player.accepted' | 'player.joined') =>
    from.snapshot.context.seats
      .filter(({ status }) => status !== 'left')
      .reduce((at, { playerId }) => stepped(at, { type, playerId, at: at.now }, table), from)
  const here = all(
    position.snapshot.state === 'proposed' ? all(position, 'player.accepted') : position,
    'player.joined',
  )
  return here.snapshot.state === 'countdown' ? nextDeadlinePasses(here, table) : here
}

/** An action of a seat; `played` is null when it has none to send, `refused` when the rules refuse it. */
export function act(position: Position, { seat }: Acting, seed: number, table: Table) {
  const { snapshot, now } = letPass(position, position.now + STEP_MS, table)
  const { game, seats } = snapshot.context
  if (snapshot.state !== 'playing' || !game || seats[seat]?.status !== 'present')
    return { position: { snapshot, now }, played: null, refused: null }
  const play = playOf(snapshot, table.referee)
  const view = play.views(game, [seat], now).get(seat)
  const move = table.move({ view: view as never, seat, random: dice(seed).next })
  if (!move) return { position: { snapshot, now }, played: null, refused: null }
  const action = move.data === undefined ? { type: move.type } : { type: move.type, data: move.data }
  const step = play.act(game, { ...action, seat }, now)
  const played: PlayedMove = { ...action, seat }
  if ('refuse' in step) return { position: { snapshot, now }, played, refused: step.refuse }
  return {
    position: stepped({ snapshot, now }, { type: 'action.taken', seat, action, step, at: now }, table),
    played,
    refused: null,
  }
}

/** One step, after the match was stored and read back, as the server does between any two steps. */
function stepped({ snapshot }: Position, event: MachineEvent, { referee }: Table): Position {
  const stored: MatchSnapshot = JSON.parse(JSON.stringify(snapshot))
  return { snapshot: stepMatch(stored, event, referee).snapshot, now: event.at }
}
