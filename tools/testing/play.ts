import { nextDeadline } from '../../src/machines/match/deadlines.ts'
import type { MachineEvent } from '../../src/machines/match/machine-events.ts'
import type { MatchInput } from '../../src/machines/match/match-context.ts'
import { type MatchSnapshot, openMatch, playOf, type Referee, stepMatch } from '../../src/machines/match/match-step.ts'
import { hasNoPauseLeft, pauseGapLeftMs, pauseLeftMs } from '../../src/machines/match/pausing.ts'
import { isPresent } from '../../src/machines/match/seats.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import { dice } from '../../src/util/random.ts'

export interface Move {
  type: string
  data?: unknown
}
/** Something that can happen to a match; `text` is for a person. */
export interface Choice {
  text: string
  /** The match after it. */
  run: (position: Position, table: Table) => Position
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
const PLAY_BEGINS: Choice = { text: 'everyone joins, and play begins', run: beginPlay }

/** One event, at the instant at which it happens. */
const choice = (text: string, event: (at: number) => MachineEvent): Choice => ({
  text,
  run: (position, table) => stepped(position, event(position.now), table),
})

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

export const begin = ({ input }: Table): Position => ({ snapshot: openMatch(input).snapshot, now: input.at })

/** What may happen to the match now, apart from actions and passing time. */
export function choicesAt({ snapshot, now }: Position): Choice[] {
  const { state, context } = snapshot
  if (state === 'closed') return []
  const { seats, spectators } = context
  const players = seats.flatMap(({ seat, playerId, status }): Choice[] => {
    const of = (type: 'player.joined' | 'player.dropped' | 'player.quit' | 'player.accepted' | 'player.declined') =>
      choice(`seat ${seat}: ${type.replace('player.', '')}`, (at) => ({ type, playerId, at }))
    if (state === 'proposed') return [of('player.accepted'), of('player.declined')]
    if (status === 'left') return []
    return status === 'present' ? [of('player.dropped'), of('player.quit')] : [of('player.joined'), of('player.quit')]
  })
  const isWatched = spectators.some(({ playerId }) => playerId === SPECTATOR)
  const others = [
    isWatched
      ? choice('a spectator leaves', (at) => ({ type: 'spectator.left', playerId: SPECTATOR, at }))
      : choice('a spectator comes', (at) => ({ type: 'spectator.joined', playerId: SPECTATOR, name: 'spectator', at })),
    choice('the server restarts', (at) => ({ type: 'service.restored', outageMs: OUTAGE_MS, jumpMs: 0, at })),
  ]
  const pausing = seats.flatMap(({ seat, status }): Choice[] => {
    if (status !== 'present') return []
    if (state === 'paused' && context.pause?.seat === seat)
      return [choice(`seat ${seat}: resumes`, (at) => ({ type: 'player.resumed', seat, at }))]
    const mayPause =
      state === 'playing' &&
      pauseLeftMs(context, seat) > 0 &&
      !hasNoPauseLeft(context, seat) &&
      pauseGapLeftMs(context, seat, now) === 0
    return mayPause ? [choice(`seat ${seat}: pauses`, (at) => ({ type: 'player.paused', seat, at }))] : []
  })
  const isBeforePlay = state === 'proposed' || state === 'gathering' || state === 'countdown'
  return [...(isBeforePlay ? [PLAY_BEGINS] : []), ...players, ...others, ...pausing]
}

/** The seats that may act now. */
export const actingAt = ({ snapshot: { state, context } }: Position): number[] =>
  state === 'playing' && context.game ? context.seats.filter(isPresent).map(({ seat }) => seat) : []

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

export const happen = (position: Position, { run }: Choice, table: Table): Position =>
  run(letPass(position, position.now + STEP_MS, table), table)

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
export function act(position: Position, seat: number, seed: number, table: Table) {
  const before = letPass(position, position.now + STEP_MS, table)
  const { snapshot, now } = before
  const { game } = snapshot.context
  if (!game || !actingAt(before).includes(seat)) return { position: before, played: null, refused: null }
  const play = playOf(snapshot, table.referee)
  const view = play.views(game, [seat], now).get(seat)
  const move = table.move({ view: view as never, seat, random: dice(seed).next })
  if (!move) return { position: before, played: null, refused: null }
  const action = move.data === undefined ? { type: move.type } : { type: move.type, data: move.data }
  const played: PlayedMove = { ...action, seat }
  const step = play.act(game, played, now)
  if ('refuse' in step) return { position: before, played, refused: step.refuse }
  const next = stepped(before, { type: 'action.taken', seat, action, step, at: now }, table)
  return { position: next, played, refused: null }
}

/** One step, after the match was stored and read back, as the server does between any two steps. */
function stepped({ snapshot }: Position, event: MachineEvent, { referee }: Table): Position {
  const stored: MatchSnapshot = JSON.parse(JSON.stringify(snapshot))
  return { snapshot: stepMatch(stored, event, referee).snapshot, now: event.at }
}
