import * as z from 'zod'
import { push, request } from '../declare.ts'
import type { ErrorCode } from '../errors.ts'
import * as s from '../schemas.ts'

// `lobbyName` checks it.
const name = z.string()
const password = z.string().min(1).max(64)
const visibility = z.enum(['public', 'private'])
const settings = z.record(z.string().min(1).max(64), z.unknown())
const capacity = z.int().min(1).max(1_000)
const lobbyState = z.enum(['open', 'inMatch'])
const version = z.int().nonnegative()

const lobbyMember = z
  .strictObject({
    playerId: s.playerId,
    name: z.string(),
    /** Null in modes without teams. */
    team: s.teamNumber.nullable(),
    ready: z.boolean(),
    joinedAt: s.epochMs,
    awayUntil: s.epochMs.nullable(),
  })
  .meta({ id: 'LobbyMember' })

/** A lobby as its members see it. */
export const lobbyView = z
  .strictObject({
    id: s.lobbyId,
    code: z.string(),
    mode: s.modeId,
    name: z.string(),
    visibility,
    hasPassword: z.boolean(),
    capacity,
    teams: z.strictObject({ count: z.int().positive(), size: z.int().positive() }).nullable(),
    settings,
    locked: z.boolean(),
    state: lobbyState,
    matchId: s.matchId.optional(),
    host: s.playerId,
    createdAt: s.epochMs,
    members: z.array(lobbyMember),
  })
  .meta({ id: 'Lobby' })

/** A public lobby as everyone sees it, without its code and its members. */
const lobbySummary = z
  .strictObject({
    id: s.lobbyId,
    mode: s.modeId,
    name: z.string(),
    host: z.strictObject({ playerId: s.playerId, name: z.string() }),
    members: z.int().positive(),
    capacity,
    hasPassword: z.boolean(),
    locked: z.boolean(),
    state: lobbyState,
    createdAt: s.epochMs,
  })
  .meta({ id: 'LobbySummary' })

const filter = { mode: s.modeId.optional(), text: z.string().max(64).optional(), hasRoom: z.boolean().optional() }
const page = z.strictObject({ lobbies: z.array(lobbySummary), cursor: z.string().optional(), version })

/** Refusals of any change of a lobby. */
const changing = ['UNAVAILABLE', 'OVERLOADED', 'DRAINING'] as const satisfies ErrorCode[]
const asMember = ['NOT_IN_LOBBY', ...changing] as const satisfies ErrorCode[]
const asHost = ['NOT_HOST', ...asMember] as const satisfies ErrorCode[]
const entering = ['LOBBY_FULL', 'LOBBY_LOCKED', 'WRONG_PASSWORD', 'FORBIDDEN'] as const satisfies ErrorCode[]

const inLobby = z.strictObject({ lobby: lobbyView })
const onPush =
  '`lobbies` has all of this push, `lobby` the first of them; changes of up to three lobbies come one a push. `more`: ' +
  'another push of this version follows.'
const listPush = (summary: string) =>
  push({
    summary: `${summary} ${onPush}`,
    args: z.tuple([
      z.strictObject({
        lobby: lobbySummary,
        lobbies: z.array(lobbySummary),
        version,
        more: z.literal(true).optional(),
      }),
    ]),
  })

/** Custom lobbies: players gather, agree on a game, and start it. */
export const customLobbies = {
  requests: {
    'lobby:create': request({
      summary:
        'Opens a lobby with you as its host; you leave the one you were in. Give its `code` to friends; only members see ' +
        'it. `capacity` defaults to the mode’s number of seats, and is at least what the mode needs. `settings` are free, ' +
        'up to 4 KB.',
      payload: z.strictObject({
        mode: s.modeId,
        name,
        visibility,
        password: password.optional(),
        capacity: capacity.optional(),
        settings: settings.optional(),
      }),
      reply: inLobby,
      refusals: ['UNKNOWN_MODE', 'NAME_INVALID', ...changing],
    }),
    'lobby:join': request({
      summary:
        'Joins by either id or code; you leave the lobby you were in. A private lobby is joined by its code only. Case and ' +
        'dashes of a code do not matter. After 10 wrong codes or passwords in a minute, 30 from one address, or 50 ' +
        'passwords of one lobby in 10 minutes, codes and passwords are `LOCKED`; a join that needs neither still works.',
      payload: z
        .strictObject({
          lobbyId: s.lobbyId.optional(),
          code: z.string().min(1).max(64).optional(),
          password: z.string().max(64).optional(),
        })
        .refine(({ lobbyId, code }) => (lobbyId === undefined) !== (code === undefined), 'say lobbyId or code'),
      reply: inLobby,
      refusals: ['NOT_FOUND', 'INVITE_INVALID', 'LOCKED', ...entering, ...changing],
    }),
    'lobby:quick': request({
      work: 8,
      summary:
        'Joins the fullest public lobby of the mode that is open, has room and has no password, or creates one. Lobbies ' +
        'with a player who blocks you, or whom you block, are skipped. If you are in a lobby of the mode that has not ' +
        'started, you stay there.',
      payload: z.strictObject({ mode: s.modeId }),
      reply: inLobby,
      refusals: ['UNKNOWN_MODE', ...changing],
    }),
    'lobby:leave': request({
      summary: 'Leaves the lobby. You keep your seat in its match.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: asMember,
    }),
    'lobby:ready': request({
      summary:
        'Says whether you are ready to start; the host need not. A dropped connection resets it, and so does, for ' +
        'everyone, a change of settings, mode, capacity or teams.',
      payload: z.strictObject({ ready: z.boolean() }),
      reply: inLobby,
      refusals: asMember,
    }),
    'lobby:team': request({
      summary: 'Moves you to a team, counted from 0.',
      payload: z.strictObject({ team: s.teamNumber }),
      reply: inLobby,
      refusals: ['LOBBY_FULL', ...asMember],
    }),
    'lobby:start': request({
      summary:
        'The host starts the match, when all others are ready and connected, they are enough for the mode, and nobody is ' +
        'queued or plays elsewhere. Each member hears `match:found`. After the match the lobby is open again.',
      payload: s.nothing,
      reply: z.strictObject({ matchId: s.matchId }),
      refusals: ['NOT_READY', 'ALREADY_IN_MATCH', ...asHost],
    }),
    'lobby:update': request({
      summary:
        'The host changes the given fields; `password: null` removes the password. Nobody can join a locked lobby. After a ' +
        'change of settings, capacity or mode nobody is ready. `capacity` is at least what the mode needs and the number ' +
        'of members. `mode` moves the lobby to another mode, with its seats and teams, between matches.',
      payload: z.strictObject({
        mode: s.modeId.optional(),
        name: name.optional(),
        visibility: visibility.optional(),
        password: password.nullable().optional(),
        settings: settings.optional(),
        locked: z.boolean().optional(),
        capacity: capacity.optional(),
      }),
      reply: inLobby,
      refusals: ['UNKNOWN_MODE', 'ALREADY_IN_MATCH', 'NAME_INVALID', 'TOO_LARGE', ...asHost],
    }),
    'lobby:kick': request({
      summary: 'The host removes a member for the life of the lobby; its code changes.',
      payload: z.strictObject({ playerId: s.playerId }),
      reply: inLobby,
      refusals: ['NOT_FOUND', ...asHost],
    }),
    'lobby:promote': request({
      summary: 'The host makes another connected member the host; a member who is away is `FORBIDDEN`.',
      payload: z.strictObject({ playerId: s.playerId }),
      reply: inLobby,
      refusals: ['NOT_FOUND', 'FORBIDDEN', ...asHost],
    }),
    'lobby:list': request({
      work: 4,
      summary:
        'Public lobbies, newest first, 50 a page; send the `cursor` of a reply to get the next page. `text` searches the ' +
        'names; `hasRoom: true` leaves out lobbies that are full or locked.',
      payload: z.strictObject({ ...filter, cursor: z.string().max(256).optional() }),
      reply: page,
      refusals: [],
    }),
    'lobby:watch': request({
      work: 4,
      summary:
        'The list, and from now on its changes, for this connection. The reply has up to 2,000 lobbies at once, and a ' +
        '`cursor` only if there are more (narrow the filter). Apply the pushes in order: put the `lobbies` of ' +
        '`lobby:listed` and `lobby:changed` by `id`, remove the `lobbyIds` of `lobby:unlisted`; the result equals ' +
        '`lobby:list`. At most 4 pushes a second. Watching again replaces the filter: ten times at once, then once a ' +
        'second.',
      payload: z.strictObject(filter),
      reply: page,
      refusals: ['OVERLOADED'],
    }),
    'lobby:unwatch': request({
      summary: 'Stops the pushes about the list.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: [],
    }),
  },
  pushes: {
    'lobby:state': push({
      summary: 'To members, on all their connections, after each change of their lobby.',
      args: z.tuple([inLobby]),
    }),
    'lobby:left': push({
      summary: 'You have left the lobby, on this or another connection.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId })]),
    }),
    'lobby:kicked': push({
      summary: 'The host has removed you; you cannot come back.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId })]),
    }),
    'lobby:closing': push({
      summary:
        'To members: the lobby will be closed at that instant because it is idle. Any request or message of a member ' +
        'prevents it.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId, at: s.epochMs })]),
    }),
    'lobby:guessed': push({
      summary:
        'To the host: the number of wrong passwords tried within ten minutes. Until `lockedUntil`, if present, every ' +
        'password is refused, unless you set another one. You may lock the lobby, or make it private.',
      args: z.tuple([
        z.strictObject({ lobbyId: s.lobbyId, wrong: z.int().positive(), lockedUntil: s.epochMs.optional() }),
      ]),
    }),
    'lobby:closed': push({
      summary: 'The lobby was closed: no member was active for 30 minutes, or for the time in the config.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId, reason: z.enum(['idle']) })]),
    }),
    'lobby:listed': listPush('Lobbies that are new in your list.'),
    'lobby:changed': listPush('Lobbies of your list that have changed.'),
    'lobby:unlisted': push({
      summary: 'Lobbies that are no longer in your list: `lobbyIds` has all of this push, `lobbyId` the first of them.',
      args: z.tuple([
        z.strictObject({
          lobbyId: s.lobbyId,
          lobbyIds: z.array(s.lobbyId),
          version,
          more: z.literal(true).optional(),
        }),
      ]),
    }),
  },
}

export type LobbyView = z.output<typeof lobbyView>
export type LobbySummary = z.output<typeof lobbySummary>
