import * as z from 'zod'
import { push, request } from '../declare.ts'
import type { ErrorCode } from '../errors.ts'
import * as s from '../schemas.ts'

// What makes a name is for `lobbyName` to say.
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

/** What members see of their lobby. */
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

/** What everyone may see of a public lobby: neither its code nor who is in it. */
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

/** What any change of a lobby may meet. */
const changing = ['UNAVAILABLE', 'OVERLOADED', 'DRAINING'] as const satisfies ErrorCode[]
const asMember = ['NOT_IN_LOBBY', ...changing] as const satisfies ErrorCode[]
const asHost = ['NOT_HOST', ...asMember] as const satisfies ErrorCode[]
const entering = ['LOBBY_FULL', 'LOBBY_LOCKED', 'WRONG_PASSWORD', 'FORBIDDEN'] as const satisfies ErrorCode[]

const inLobby = z.strictObject({ lobby: lobbyView })
const onPush =
  'In `lobbies` those of this push, in `lobby` the first of them, which is all where no more than three differ. `more`: ' +
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

/** Custom lobbies: where players gather, agree on a game, and start it. */
export const customLobbies = {
  requests: {
    'lobby:create': request({
      summary:
        'Opens a lobby with you as its host; you leave the one you were in. `code` is what you give to friends: only ' +
        'members see it. `capacity` is the mode’s number of seats unless you say less, which is at least what it needs; `settings` is yours, up to 4 KB.',
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
        'Joins by id or by code, one of them; you leave the lobby you were in. A private lobby is found by its code ' +
        'alone. Case and dashes of a code do not matter. 10 wrong codes or passwords in a minute, 30 from one address, or ' +
        '50 passwords of one lobby in 10 minutes: `LOCKED` for codes and passwords; what wants neither is joined all the same.',
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
        'Joins a public lobby of the mode that is open, has room and wants no password, the fullest first, or creates ' +
        'one; never one with a player who blocks you, or whom you block. Whoever is in a lobby of the mode that has not started stays there.',
      payload: z.strictObject({ mode: s.modeId }),
      reply: inLobby,
      refusals: ['UNKNOWN_MODE', ...changing],
    }),
    'lobby:leave': request({
      summary: 'Leaves. A seat in a match is not given up by it.',
      payload: s.nothing,
      reply: s.nothing,
      refusals: asMember,
    }),
    'lobby:ready': request({
      summary:
        'Says that you are ready to start, or not yet. The host need not. Who drops is not ready any more, and nobody is ' +
        'when settings, mode, capacity or teams change.',
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
        'The host starts the match, when all others are ready and here, they are enough for the mode, and nobody is ' +
        'queued or plays elsewhere. Each member hears `match:found`. When it has ended the lobby is open again.',
      payload: s.nothing,
      reply: z.strictObject({ matchId: s.matchId }),
      refusals: ['NOT_READY', 'ALREADY_IN_MATCH', ...asHost],
    }),
    'lobby:update': request({
      summary:
        'The host changes what is given; `password: null` takes it away. A locked lobby lets nobody in. With other ' +
        'settings, another capacity or another mode nobody is ready any more. `capacity` is at least what the mode needs, and who ' +
        'is here. `mode` takes everyone to another mode, with its seats and teams, between matches.',
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
      summary: 'The host sends a member away for the life of the lobby; its code changes.',
      payload: z.strictObject({ playerId: s.playerId }),
      reply: inLobby,
      refusals: ['NOT_FOUND', ...asHost],
    }),
    'lobby:promote': request({
      summary: 'The host makes another member the host, who must be connected: `FORBIDDEN` else.',
      payload: z.strictObject({ playerId: s.playerId }),
      reply: inLobby,
      refusals: ['NOT_FOUND', 'FORBIDDEN', ...asHost],
    }),
    'lobby:list': request({
      work: 4,
      summary:
        'Public lobbies, the newest first, 50 a page; `cursor` of one reply asks for the next page. `text` is looked ' +
        'for in the name; `hasRoom: true` leaves out those that are full or locked.',
      payload: z.strictObject({ ...filter, cursor: z.string().max(256).optional() }),
      reply: page,
      refusals: [],
    }),
    'lobby:watch': request({
      work: 4,
      summary:
        'The list, and from now on what changes in it, for this connection. The reply has up to 2,000 lobbies at once, ' +
        'and a `cursor` only if there are more (narrow the filter). Apply the pushes in their order: put the `lobbies` ' +
        'of `lobby:listed` and `lobby:changed` by their `id`, take out the `lobbyIds` of `lobby:unlisted`; then you ' +
        'have what `lobby:list` would say. At most 4 pushes a second. Watching again replaces the filter: ten ' +
        'times at once, then once a second.',
      payload: z.strictObject(filter),
      reply: page,
      refusals: ['OVERLOADED'],
    }),
    'lobby:unwatch': request({
      summary: 'No more pushes about the list.',
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
      summary: 'You are out of the lobby by your own doing, on whichever connection.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId })]),
    }),
    'lobby:kicked': push({
      summary: 'The host has sent you away, for good.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId })]),
    }),
    'lobby:closing': push({
      summary:
        'To members: the lobby will be closed at that instant because nobody has done anything for long. Any request of ' +
        'any member, a message too, puts it off.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId, at: s.epochMs })]),
    }),
    'lobby:guessed': push({
      summary:
        'To the host: so many wrong passwords of the lobby have been tried within ten minutes. With `lockedUntil` none is ' +
        'looked at before then, right or wrong, unless you set another one. You may lock the lobby, or make it private.',
      args: z.tuple([
        z.strictObject({ lobbyId: s.lobbyId, wrong: z.int().positive(), lockedUntil: s.epochMs.optional() }),
      ]),
    }),
    'lobby:closed': push({
      summary: 'The lobby is gone: no member had done anything for 30 minutes, or what the config says.',
      args: z.tuple([z.strictObject({ lobbyId: s.lobbyId, reason: z.enum(['idle']) })]),
    }),
    'lobby:listed': listPush('Lobbies that are in your list now.'),
    'lobby:changed': listPush('Lobbies of your list that look different now.'),
    'lobby:unlisted': push({
      summary:
        'Lobbies that are not in your list any more: in `lobbyIds` those of this push, in `lobbyId` the first of them.',
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
