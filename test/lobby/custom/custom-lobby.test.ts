import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ModeConfig, mode as parseMode } from '../../../src/config/modes.ts'
import { moveToTeam, promote, seating, setReady, update } from '../../../src/lobby/custom/state/agreement.ts'
import {
  type CustomLobby,
  isRefusal,
  memberOf,
  openCustomLobby,
  type Wish,
} from '../../../src/lobby/custom/state/custom-lobby.ts'
import {
  comeBack,
  deadlineOf,
  drop,
  enter,
  GRACE_MS,
  kick,
  leave,
  pass,
  reopen,
  restored,
} from '../../../src/lobby/custom/state/membership.ts'
import { summaryOf, viewOf } from '../../../src/lobby/custom/state/views.ts'
import type { LobbyId, MatchId, PlayerId } from '../../../src/protocol/ids.ts'
import type { Refusal } from '../../../src/protocol/reply.ts'
import { playerId } from '../../support/openings.ts'

const pairs = parseMode.parse({ id: 'pairs', teams: { count: 2, size: 2 } })
const crowd = parseMode.parse({ id: 'crowd', players: { min: 2, max: 4 } })
const someone = (name: string) => ({ id: playerId(name), name })
const sure = (outcome: CustomLobby | Refusal): CustomLobby =>
  isRefusal(outcome) ? expect.fail(outcome.error.message) : outcome
const codeOf = (outcome: object) => (isRefusal(outcome) ? outcome.error.code : expect.fail('nothing was refused'))

function opened(mode = pairs, wish: Partial<Wish> = {}, seal: string | null = null): CustomLobby {
  const about = { name: 'The Keep', visibility: 'public', ...wish } as const
  const id = 'l1' as LobbyId
  return sure(openCustomLobby({ id, code: 'CODE', mode, wish: about, seal, host: someone('ann'), at: 0 }))
}
const coming = (name: string, at = 1) => ({
  player: someone(name),
  key: { code: 'CODE' },
  opened: null,
  isBlocked: false,
  at,
})
const withAll = (lobby: CustomLobby, ...names: string[]): CustomLobby =>
  names.reduce((so, name, n) => sure(enter(so, coming(name, n + 1))), lobby)
const ready = (lobby: CustomLobby, ...names: string[]): CustomLobby =>
  names.reduce((so, name) => setReady(so, playerId(name), true, 9), lobby)
const namesIn = ({ members }: CustomLobby) => members.map(({ name }) => name)

test('[LO5] a lobby has room for the seats of its mode, or for fewer', () => {
  expect(opened().capacity).toBe(4)
  expect(opened(crowd, { capacity: 3 }).capacity).toBe(3)
  const wish = { name: 'x', visibility: 'public', capacity: 5 } as const
  const tooMany = { id: 'l1' as LobbyId, code: 'C', mode: crowd, wish, seal: null, host: someone('ann'), at: 0 }
  expect(codeOf(openCustomLobby(tooMany))).toBe('BAD_REQUEST')
})

test.each<[why: string, lobby: CustomLobby, change: object, code: string]>([
  ['it is full', withAll(opened(crowd, { capacity: 2 }), 'bob'), {}, 'LOBBY_FULL'],
  ['it is locked', sure(update(opened(), pairs, { isLocked: true }, 1)), {}, 'LOBBY_LOCKED'],
  ['the host has blocked them', opened(), { isBlocked: true }, 'INVITE_INVALID'],
  ['there is a password', opened(pairs, {}, 'sealed'), {}, 'WRONG_PASSWORD'],
  ['they opened another password', opened(pairs, {}, 'sealed'), { opened: 'older' }, 'WRONG_PASSWORD'],
  ['the code has changed', opened(), { key: { code: 'OLD' } }, 'INVITE_INVALID'],
  ['it is private', opened(pairs, { visibility: 'private' }), { key: { lobbyId: 'l1' as LobbyId } }, 'NOT_FOUND'],
])('[LO2] [LO3] [LO5] nobody enters when %s', (_why, lobby, change, code) => {
  expect(codeOf(enter(lobby, { ...coming('zoe'), ...change }))).toBe(code)
})

test('[LO3] a player with the right password is in', () => {
  const lobby = opened(pairs, {}, 'sealed')
  expect(namesIn(sure(enter(lobby, { ...coming('bob'), opened: 'sealed' })))).toEqual(['ann', 'bob'])
})

test('[LO1] entering again changes nothing, in any state of the lobby', () => {
  const lobby = sure(update(withAll(opened(), 'bob'), pairs, { isLocked: true, seal: 'sealed' }, 5))
  expect(enter(lobby, coming('bob'))).toBe(lobby)
})

test('[LO7] newcomers fill the smaller team, and a full team takes no more', () => {
  const lobby = withAll(opened(), 'bob', 'cat')
  expect(lobby.members.map(({ team }) => team)).toEqual([0, 1, 0])
  expect(codeOf(moveToTeam(lobby, playerId('bob'), 0, 9))).toBe('LOBBY_FULL')
  expect(memberOf(sure(moveToTeam(lobby, playerId('cat'), 1, 9)), playerId('cat'))).toMatchObject({ team: 1 })
  expect(sure(moveToTeam(lobby, playerId('cat'), 0, 9)).members).toEqual(lobby.members)
  expect(codeOf(moveToTeam(lobby, playerId('cat'), 2, 9))).toBe('BAD_REQUEST')
  expect(codeOf(moveToTeam(opened(crowd), playerId('ann'), 0, 9))).toBe('BAD_REQUEST')
})

test('[LO9] a kicked player is out for good, also with the new code', () => {
  const lobby = sure(kick(withAll(opened(), 'bob'), playerId('bob'), 'NEW', 9))
  expect(namesIn(lobby)).toEqual(['ann'])
  expect(codeOf(enter(lobby, coming('bob')))).toBe('INVITE_INVALID')
  expect(codeOf(enter(lobby, { ...coming('bob'), key: { code: 'NEW' } }))).toBe('FORBIDDEN')
  expect(codeOf(enter(lobby, { ...coming('bob'), key: { lobbyId: lobby.id } }))).toBe('FORBIDDEN')
})

test('[LO9] the host can kick neither themselves nor a player who is not a member', () => {
  expect(codeOf(kick(opened(), playerId('ann'), 'NEW', 9))).toBe('BAD_REQUEST')
  expect(codeOf(kick(opened(), playerId('bob'), 'NEW', 9))).toBe('NOT_FOUND')
})

test('[LO10] the successor of a host is the present member who has been in longest', () => {
  const lobby = drop(withAll(opened(), 'bob', 'cat', 'dan'), playerId('bob'), 10)
  expect(leave(lobby, playerId('ann'), 11).host).toBe('cat')
  expect(leave(comeBack(lobby, someone('bob')), playerId('ann'), 11).host).toBe('bob')
  expect(leave(lobby, playerId('cat'), 11).host).toBe('ann')
  const allAway = drop(drop(lobby, playerId('cat'), 10), playerId('dan'), 10)
  expect(leave(allAway, playerId('ann'), 11).host).toBe('bob')
})

test('[LO8] a promoted member is the host, and nobody else can be', () => {
  expect(sure(promote(withAll(opened(), 'bob'), playerId('bob'), 9)).host).toBe('bob')
  expect(codeOf(promote(opened(), playerId('bob'), 9))).toBe('NOT_FOUND')
})

test('[LO72] an absent member cannot be made the host', () => {
  const lobby = drop(withAll(opened(), 'bob'), playerId('bob'), 5)
  expect(codeOf(promote(lobby, playerId('bob'), 9))).toBe('FORBIDDEN')
})

test.each<[what: string, change: Parameters<typeof update>[2], stays: boolean]>([
  ['other settings', { settings: { map: 'moor' } }, false],
  ['another capacity', { capacity: 3 }, false],
  ['the same settings and capacity', { settings: {}, capacity: 4 }, true],
  [
    'another name, password, lock and visibility',
    { name: 'y', seal: 's', isLocked: true, visibility: 'private' },
    true,
  ],
])('[LO71] with %s the flags stay: %s', (_what, change, stays) => {
  const lobby = ready(withAll(opened(crowd), 'bob', 'cat'), 'bob', 'cat')
  const flags = sure(update(lobby, crowd, change, 9)).members.map(({ isReady }) => isReady)
  expect(flags).toEqual([false, stays, stays])
})

test('[LO71] when somebody changes teams nobody is ready any more', () => {
  const lobby = ready(withAll(opened(), 'bob', 'cat'), 'ann', 'bob', 'cat')
  const moved = sure(moveToTeam(lobby, playerId('cat'), 1, 9))
  expect(moved.members.map(({ isReady }) => isReady)).toEqual([false, false, false])
})

test('[LO71] nobody is ready after the service was away', () => {
  const lobby = restored(ready(withAll(opened(), 'bob'), 'bob'), 100)
  expect(memberOf(lobby, playerId('bob'))).toMatchObject({ isReady: false })
})

test.each([
  [crowd, 1, 'at least 2'],
  [pairs, 3, 'at least 4'],
  [pairs, 5, '4 seats'],
])('[LO5] [LO73] a capacity that the mode cannot have is refused', (mode, capacity, because) => {
  const wish = { name: 'x', visibility: 'public', capacity } as const
  const refused = openCustomLobby({
    id: 'l1' as LobbyId,
    code: 'C',
    mode,
    wish,
    seal: null,
    host: someone('ann'),
    at: 0,
  })
  expect(refused).toMatchObject({ error: { code: 'BAD_REQUEST', message: expect.stringContaining(because) } })
  expect(update(opened(mode), mode, { capacity }, 1)).toMatchObject({
    error: { code: 'BAD_REQUEST', message: expect.stringContaining(because) },
  })
})

test('[LO73] a capacity holds those who are here', () => {
  const lobby = withAll(opened(crowd), 'bob', 'cat')
  expect(update(lobby, crowd, { capacity: 2 }, 9)).toMatchObject({
    error: { code: 'BAD_REQUEST', message: expect.stringContaining('3 players are here') },
  })
  expect(sure(update(lobby, crowd, { capacity: 3 }, 9)).capacity).toBe(3)
})

test('[LO13] what keeps a lobby from starting is said as it is', () => {
  const saying = (lobby: CustomLobby, mode = crowd) => {
    const refused = seating(lobby, mode)
    return isRefusal(refused) ? refused.error : expect.fail('nothing was refused')
  }
  expect(saying(opened(crowd))).toEqual({
    code: 'NOT_READY',
    message: 'Too few players: this mode needs 2, 1 more must join first.',
    retryable: false,
  })
  const away = drop(withAll(opened(crowd), 'bob'), playerId('bob'), 1)
  expect(saying(away).message).toBe('Not everyone is here: bob. Wait for them.')
  expect(saying(withAll(opened(crowd), 'bob')).message).toBe('Not everyone is ready. (not ready: bob)')
})

test('[LO10] [LO11] a member who drops keeps place and role until the grace is over', () => {
  const lobby = drop(ready(withAll(opened(), 'bob', 'cat'), 'ann'), playerId('ann'), 100)
  expect(memberOf(lobby, playerId('ann'))).toMatchObject({ awayUntil: 100 + GRACE_MS, isReady: false })
  expect(deadlineOf(lobby)).toBe(100 + GRACE_MS)
  expect(pass(lobby, 99 + GRACE_MS)).toEqual(lobby)
  const later = pass(lobby, 100 + GRACE_MS)
  expect(later).toMatchObject({ host: 'bob', members: [{ name: 'bob' }, { name: 'cat' }] })
  expect(deadlineOf(comeBack(lobby, someone('ann')))).toBeNull()
})

test('[LO11] [LO15] a member who is away during the match has a full grace from its end on', () => {
  const playing = { ...ready(withAll(opened(), 'bob'), 'ann', 'bob'), matchId: 'm1' as MatchId }
  const away = drop(playing, playerId('bob'), 1_000)
  expect(pass(away, 10 * GRACE_MS)).toBe(away)
  expect(deadlineOf(away)).toBeNull()
  expect(reopen(away, 10 * GRACE_MS)).toMatchObject({
    matchId: null,
    members: [
      { name: 'ann', isReady: false, awayUntil: null },
      { name: 'bob', awayUntil: 11 * GRACE_MS },
    ],
  })
})

test('[LO18] after a restart everyone is away, with a full grace', () => {
  const lobby = restored(withAll(opened(), 'bob'), 5_000)
  expect(lobby.members.map(({ awayUntil }) => awayUntil)).toEqual([5_000 + GRACE_MS, 5_000 + GRACE_MS])
})

const four = withAll(opened(), 'bob', 'cat', 'dan')
test.each<[why: string, lobby: CustomLobby, code: string, because: string]>([
  ['too few', ready(withAll(opened(), 'bob'), 'bob'), 'NOT_READY', 'needs 4, 2 more'],
  ['one is not ready', ready(four, 'bob', 'cat'), 'NOT_READY', 'not ready: dan'],
  ['nobody is ready', four, 'NOT_READY', 'bob, cat, dan'],
  ['one is away', drop(ready(four, 'bob', 'cat', 'dan'), playerId('cat'), 20), 'NOT_READY', 'here: cat'],
  ['it plays already', { ...four, matchId: 'm1' as MatchId }, 'ALREADY_IN_MATCH', 'goes on'],
])('[LO13] no start when %s', (_why, lobby, code, because) => {
  const outcome = seating(lobby, pairs)
  expect(outcome).toMatchObject({ ok: false, error: { code } })
  expect((outcome as Refusal).error.message).toContain(because)
})

test('[LO13] in a mode whose teams may be short each team still wants its least', () => {
  const short = parseMode.parse({ id: 'pairs', teams: { count: 2, size: 3, minSize: 1 } })
  const apart = ready(withAll(opened(short), 'bob', 'cat'), 'bob', 'cat')
  expect(seating(apart, short)).toMatchObject([{ name: 'ann' }, { name: 'bob' }, { name: 'cat' }])
  const together = sure(moveToTeam(apart, playerId('bob'), 0, 9))
  expect(seating(together, short)).toMatchObject({ error: { code: 'NOT_READY' } })
})

test('[LO14] the seats go round the teams as the members chose them', () => {
  const apart = sure(
    moveToTeam(sure(moveToTeam(withAll(opened(), 'bob'), playerId('ann'), 1, 9)), playerId('bob'), 0, 9),
  )
  const lobby = ready(withAll(apart, 'cat', 'dan'), 'bob', 'cat', 'dan')
  const seats = seating(lobby, pairs)
  expect(seats).toMatchObject([
    { name: 'bob', team: 0 },
    { name: 'ann', team: 1 },
    { name: 'cat', team: 0 },
    { name: 'dan', team: 1 },
  ])
})

test('[LO14] without teams the seats are in the order of coming', () => {
  const lobby = ready(withAll(opened(crowd), 'bob', 'cat'), 'bob', 'cat')
  expect(seating(lobby, crowd)).toMatchObject([{ name: 'ann' }, { name: 'bob' }, { name: 'cat' }])
})

test('[LO2] a summary has neither code nor settings nor members, and a private lobby none', () => {
  const lobby = withAll(opened(pairs, { settings: { map: 'moor' } }, 'sealed'), ...[])
  expect(JSON.stringify(summaryOf(lobby))).not.toMatch(/CODE|moor|sealed/)
  expect(JSON.stringify(viewOf(lobby))).not.toContain('sealed')
  expect(summaryOf(sure(update(lobby, pairs, { visibility: 'private' }, 1)))).toBeNull()
})

const who = fc.constantFrom('ann', 'bob', 'cat', 'dan', 'eve', 'fay').map(playerId)
const anyCommand = fc.oneof(
  fc.record({ do: fc.constant('enter' as const), who, at: fc.nat(60_000) }),
  fc.record({ do: fc.constantFrom('leave', 'drop', 'comeBack', 'kick', 'promote', 'pass'), who, at: fc.nat(60_000) }),
  fc.record({ do: fc.constant('team' as const), who, team: fc.nat(2), at: fc.nat(60_000) }),
)
type Command = typeof anyCommand extends fc.Arbitrary<infer C> ? C : never

function after(lobby: CustomLobby, command: Command): CustomLobby | Refusal {
  const { who: player, at } = command
  const isIn = memberOf(lobby, player) !== undefined
  if (command.do === 'enter') return enter(lobby, { ...coming(player, at), key: { code: lobby.code } })
  if (command.do === 'pass') return pass(lobby, at)
  if (command.do === 'kick') return kick(lobby, player, `${lobby.code}+`, at)
  if (command.do === 'promote') return promote(lobby, player, at)
  if (!isIn) return lobby
  if (command.do === 'leave') return leave(lobby, player, at)
  if (command.do === 'drop') return drop(lobby, player, at)
  if (command.do === 'comeBack') return comeBack(lobby, someone(player))
  return moveToTeam(lobby, player, 'team' in command ? command.team : 0, at)
}

test.each<ModeConfig>([
  { id: 'pairs', teams: { count: 2, size: 2 } },
  { id: 'crowd', players: { min: 1, max: 3 } },
])('[LO5] [LO7] [LO9] [LO10] a lobby of $id is sound after any commands', (config) => {
  const mode = parseMode.parse(config)
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 60 }), (commands) => {
      let lobby = opened(mode)
      const kicked = new Set<PlayerId>()
      for (const command of commands) {
        const next = after(lobby, command)
        if (isRefusal(next)) continue
        if (command.do === 'kick') kicked.add(command.who)
        if (next.members.length === 0) return
        lobby = next
        const ids = lobby.members.map((member) => member.playerId)
        expect(ids).toContain(lobby.host)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.length).toBeLessThanOrEqual(lobby.capacity)
        expect(ids.filter((id) => kicked.has(id))).toEqual([])
        for (const team of [0, 1]) {
          expect(lobby.members.filter((member) => member.team === team).length).toBeLessThanOrEqual(2)
        }
      }
    }),
    { numRuns: 300 },
  )
})
