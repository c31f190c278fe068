import type { Viewer } from '../../config/rules.ts'
import type { EpochMs } from '../../ports.ts'
import type { MatchEvent, MatchView } from '../../protocol/match-view.ts'
import { isSameJson } from '../../util/plain-json.ts'
import { shownDeadline } from './deadlines.ts'
import type { Property, Visibility } from './match-context.ts'
import { type MatchSnapshot, playOf, type Referee } from './match-step.ts'
import type { Seat } from './seats.ts'

type Properties = Readonly<Record<string, Property>>
/** By key; a key that is not listed is public. */
export type Visibilities = Readonly<Record<string, Visibility>>

/** The viewer of a match, and the rules and settings that decide what the viewer sees. */
export interface Eyes {
  who: Viewer
  visibilities: Visibilities
  referee: Referee | null
  now: EpochMs
}

/** The match as one member or a spectator may see it. */
export function viewOf(snapshot: MatchSnapshot, eyes: Eyes): MatchView {
  const { state, context } = snapshot
  const { result, rematch, unrated } = context
  const game = gameSeenBy(snapshot, eyes)
  return {
    matchId: context.matchId,
    mode: context.mode.id,
    rated: context.mode.rated && unrated === null,
    ...(unrated && { unrated }),
    state,
    deadline: shownDeadline(state, context),
    seats: context.seats.map(seatSeen),
    spectators: context.spectators,
    host: context.host,
    properties: propertiesSeenBy(context.properties, eyes),
    ...(game !== undefined && { game }),
    ...(result && { result }),
    ...(rematch && {
      rematch: rematch.matchId
        ? { accepted: rematch.accepted, matchId: rematch.matchId }
        : { accepted: rematch.accepted },
    }),
  }
}

/** Whether all viewers see the same match. */
export const isAlikeForAll = ({ context: { game, properties } }: MatchSnapshot, { visibilities }: Eyes): boolean =>
  game === null &&
  Object.entries(properties).every(
    ([slot, { visibility }]) => (visibility ?? visibilityIn(properties, keyOf(slot), visibilities)) === 'public',
  )

function seatSeen(full: Seat): MatchView['seats'][number] {
  const { seat, team, playerId, name, status } = full
  return { seat, team, playerId, name, status, ...(full.status === 'away' && { until: full.until }) }
}

const gameSeenBy = (snapshot: MatchSnapshot, { who, ...eyes }: Eyes): unknown =>
  gamesSeenBy(snapshot, [who], eyes).get(who)

/** The game as each viewer may see it; empty in modes without rules. */
export function gamesSeenBy(
  snapshot: MatchSnapshot,
  whos: Iterable<Viewer>,
  { referee, now }: Pick<Eyes, 'referee' | 'now'>,
): ReadonlyMap<Viewer, unknown> {
  const { game } = snapshot.context
  return game && referee ? playOf(snapshot, referee).views(game, whos, now) : new Map()
}

/** A line of the log, reduced to what the viewer may see. `after` adds the current game. */
export function lineSeenBy(line: MatchEvent, snapshot: MatchSnapshot, eyes: Eyes, game?: unknown): MatchEvent {
  if (line.type === 'property.set') {
    const visibility = visibilityIn(snapshot.context.properties, line.key, eyes.visibilities)
    if (maySee(visibility, line.seat, eyes.who)) return line
    const { value: _, ...rest } = line
    return rest
  }
  if (line.type === 'state.changed' && line.state === 'playing' && game !== undefined) return { ...line, game }
  if (line.type !== 'action') return line
  return { ...line, action: actionSeenBy(line, snapshot, eyes), ...(game !== undefined && { game }) }
}

function actionSeenBy(
  { seat, action }: MatchEvent & { type: 'action' },
  snapshot: MatchSnapshot,
  { who, referee }: Eyes,
) {
  if (!referee || seat === null || seat === who) return action
  const data = playOf(snapshot, referee).tell({ ...action, seat }, who)
  return data === undefined ? { type: action.type } : { type: action.type, data }
}

/** Returns the same object to all viewers who see the same line, so that it is encoded once. */
export function shareLines(): (line: MatchEvent, seen: MatchEvent) => MatchEvent {
  const variants = new Map<MatchEvent, MatchEvent[]>()
  return (line, seen) => {
    const known = variants.get(line) ?? [line]
    const same = known.find((one) => isSameToSee(one, seen))
    if (!same && known.length < MAX_VARIANTS) variants.set(line, [...known, seen])
    return same ?? seen
  }
}
// With more than a few different lines, every viewer gets an own one.
const MAX_VARIANTS = 8

/** The versions of one line. */
function isSameToSee(one: MatchEvent, other: MatchEvent): boolean {
  if (one.type === 'property.set') return other.type === one.type && 'value' in one === 'value' in other
  const [a, b] = [one, other].map((line) => ('game' in line ? line.game : undefined))
  if (a !== b || one.type !== 'action' || other.type !== 'action') return a === b
  return one.action === other.action || isSameJson(one.action, other.action)
}

/** The key under which a property is stored; a property of visibility `own` has one for each seat. */
export const slotOf = (key: string, seat: number, visibility: Visibility): string =>
  visibility === 'own' ? `${key}#${seat}` : key

const keyOf = (slot: string): string => slot.split('#', 1)[0] ?? slot

/** The visibility of a key: as when it was first set in this match, else from the config. */
export function visibilityIn(properties: Properties, key: string, configured: Visibilities): Visibility {
  const known = firstVisibilities.get(properties) ?? firstVisibilitiesOf(properties)
  return known.get(key) ?? (Object.hasOwn(configured, key) ? configured[key] : undefined) ?? 'public'
}

// Called for each property and viewer. Properties are replaced, never changed.
const firstVisibilities = new WeakMap<Properties, ReadonlyMap<string, Visibility>>()

function firstVisibilitiesOf(properties: Properties): ReadonlyMap<string, Visibility> {
  const first = new Map<string, Visibility>()
  for (const [slot, { visibility }] of Object.entries(properties)) {
    const key = keyOf(slot)
    if (visibility && !first.has(key)) first.set(key, visibility)
  }
  firstVisibilities.set(properties, first)
  return first
}

function maySee(visibility: Visibility, seat: number, who: Viewer): boolean {
  if (visibility === 'own') return who === seat
  return visibility !== 'members' || who !== 'spectator'
}

function propertiesSeenBy(properties: Properties, { who, visibilities }: Eyes): MatchView['properties'] {
  const seen = Object.entries(properties).filter(([slot, { seat, visibility }]) =>
    maySee(visibility ?? visibilityIn(properties, keyOf(slot), visibilities), seat, who),
  )
  return Object.fromEntries(seen.map(([slot, { value, version }]) => [keyOf(slot), { value, version }]))
}
