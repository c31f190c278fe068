import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import type { PlayerId } from '../../src/protocol/ids.ts'
import type { Chance } from './chance.ts'
import type { Answer, Command, Said } from './commands.ts'
import type { Connection } from './gateway.ts'
import { matters } from './matters.ts'
import type { Service } from './service.ts'
import type { Life } from './timeline.ts'

/** A connection and the process at its other end. */
export interface Link {
  service: Service
  connection: Connection
}
export interface PlayerParts {
  id: string
  chance: Chance
  modes: readonly string[]
  now: () => number
  nextUid: () => number
  later: (ms: number, at: Service, run: () => void) => void
  /** The process that accepts players, or null. */
  open: () => Service | null
  say: (link: Link, command: Command) => void
  hangUp: (link: Link) => void
  /** The current state of a match, for choices that mostly make sense. */
  look: (matchId: string) => MatchSnapshot | undefined
  someMatch: () => string | undefined
}

/** A player who acts sensibly, oddly or not at all, at random. */
export function createPlayer(parts: PlayerParts) {
  const { id, chance, open, say, hangUp } = parts
  let links: Link[] = []
  let unacked: { command: Command; matchId: string }[] = []
  const known = new Map<string, { epoch: number; seq: number }>()

  function think(): void {
    links = links.filter(({ connection, service: { life } }) => connection.isOpen && isThere(life))
    const link = links[chance.is(0.5) ? 0 : links.length - 1]
    if (!link) return connect()
    if (chance.is(0.05)) return drop(link)
    if (chance.is(0.03) && links.length < 2) return connect()
    const { place } = link.connection
    // The server does not know that the player is not listening.
    if (link.service.life.state === 'stalled' && !place) return
    // A command belongs to its match.
    unacked = unacked.filter(({ matchId }) => !place || matchId === place.matchId)
    const retried = place && unacked.length > 0 && chance.is(0.7) ? chance.pick(unacked) : null
    if (retried) return say(link, retried.command)
    if (link.service.life.state === 'stalled') return sayInMatch(link)
    const seat = link.service.seats.liveSeatOf(id as PlayerId)
    if (place && seat && seat.matchId !== place.matchId && chance.is(0.4)) return join(link, seat.matchId, 'player')
    const snapshot = place && parts.look(place.matchId)
    if (place && snapshot) {
      if (chance.is(0.3)) link.connection.heardAt = parts.now() + link.connection.life.clockOffsetMs
      const uid = parts.nextUid()
      const said = matters({ chance, snapshot, playerId: id, uid, isLookingOn: place.seat === null })
      if (said) tell(link, said, uid)
      if (said ? said.event === 'match:rematch' && chance.is(0.1) : chance.is(0.3)) queue(link)
    } else seek(link)
  }

  function sayInMatch(link: Link): void {
    const { place } = link.connection
    const snapshot = place && parts.look(place.matchId)
    if (!place || !snapshot) return
    const uid = parts.nextUid()
    const said = matters({ chance, snapshot, playerId: id, uid, isLookingOn: place.seat === null })
    if (said) tell(link, said, uid)
  }

  function connect(): void {
    const service = open()
    if (service) links.push({ service, connection: service.connect(id) })
  }

  // Messages on a broken connection may be lost.
  function drop(link: Link): void {
    const { place, position } = link.connection
    if (place) known.set(place.matchId, { ...position, seq: Math.max(0, position.seq - chance.between(0, 3)) })
    links = links.filter((one) => one !== link)
    hangUp(link)
  }

  function seek(link: Link): void {
    const { seats, lobby } = link.service
    const proposal = seats.proposalOf(id as PlayerId)
    const seat = seats.liveSeatOf(id as PlayerId)
    if (proposal && chance.is(0.9)) {
      const event = chance.is(0.85) ? 'match:accept' : 'match:decline'
      tell(link, { event, payload: { matchId: proposal.matchId } })
    } else if (seat && chance.is(0.9)) join(link, seat.matchId, 'player')
    else if (chance.is(0.05)) void lobby.leave(id)
    else if (chance.is(0.7)) queue(link)
    else join(link, parts.someMatch(), chance.is(0.8) ? 'spectator' : 'player')
  }

  // Some players change their minds while a command is on its way.
  function queue({ service, connection }: Link): void {
    const mode = chance.pick(parts.modes)
    parts.later(chance.between(1, chance.pick([30, 400])), service, () => {
      if (connection.isOpen) service.lobby.join(id, mode)
    })
  }

  function join(link: Link, matchId: string | undefined, as: 'player' | 'spectator'): void {
    if (matchId === undefined) return
    const since = chance.is(0.7) ? known.get(matchId) : undefined
    const visit = { matchId, as, since } as Extract<Said, { event: 'match:join' }>['payload']
    tell(link, { event: 'match:join', payload: visit })
  }

  function tell(link: Link, said: Said, uid = parts.nextUid()): void {
    const command = { ...said, uid }
    say(link, command)
    // Without an id the repetition would be another action.
    if (command.event === 'match:act' && command.payload.id === undefined) return
    const { place } = link.connection
    if (command.event === 'match:act' && place) unacked.push({ command, matchId: place.matchId })
    if (chance.is(0.08)) say(link, command)
  }

  /** Handles a reply; after a final refusal the command is not repeated. */
  function hears({ uid }: Command, answer: Answer): void {
    if (answer.ok || !answer.error.retryable) unacked = unacked.filter(({ command }) => command.uid !== uid)
  }

  function goAway(): void {
    for (const link of links) if (link.connection.isOpen) hangUp(link)
    links = []
  }

  return { id, think, hears, goAway }
}
const isThere = ({ state }: Life): boolean => state === 'up' || state === 'stalled'

export type Player = ReturnType<typeof createPlayer>
