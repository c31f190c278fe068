import type { Frame } from './frames.ts'

/** Something that is said before the flood; the next step comes after an answer with `until` in it. */
interface Step {
  say: string
  until: string
  /** Left out by clients that return with their session. */
  isOnce?: boolean
}
/** What must be there for the attack to hurt. */
export type Scene = 'queue' | 'lobbies' | 'ranked'
interface Common {
  /** How many times a second each connection says it; as fast as it goes unless said. */
  perSecond?: number
  scene?: Scene
  transports?: string
  /** Guests that have connected. */
  isByGuests?: boolean
}
export interface Talk extends Common {
  way: 'websocket'
  enter: readonly Step[]
  /** Said once, before the first of the frames. */
  opening?: Frame
  /** Said over and over. */
  frames: readonly Frame[]
}
export interface Requests extends Common {
  way: 'http'
  /** A whole request; `SID` is replaced by the id of a session that was opened first. */
  request: string
}
export type Attack = Talk | Requests

const text = (payload: string): Frame => ({ payload })
const strangers = (...frames: Frame[]): Attack => ({ way: 'websocket', enter: [], frames })

const INTO_LOBBY: Step = { say: '40/lobby,AUTH', until: '"session"' }
const ask = (event: string, payload: object, id = '') => `42/lobby,${id}${JSON.stringify([event, payload])}`
const queueIn = (mode: string): Step => ({ say: ask('queue:join', { mode }), until: '"match:found"', isOnce: true })
const INTO_MATCH: Step[] = [
  { say: '40/match,AUTH', until: '40/match,' },
  { say: '42/match,1["match:join",{"matchId":"MATCH"}]', until: '43/match,1' },
]

const guests = (frames: readonly Frame[], more: Partial<Talk> = {}): Talk => ({
  way: 'websocket',
  isByGuests: true,
  enter: [INTO_LOBBY],
  frames,
  ...more,
})
const asking = (event: string, payload: object, more: Partial<Talk> = {}) =>
  guests([text(ask(event, payload, '7'))], more)
const playing = (mode: string, event: string, payload: unknown, more: Partial<Talk> = {}) =>
  guests([text(`42/match,${event === 'match:send' ? '' : '7'}${JSON.stringify([event, payload])}`)], {
    enter: [INTO_LOBBY, queueIn(mode), ...INTO_MATCH],
    ...more,
  })

const requests = (request: string, more: Partial<Requests> = {}): Requests => ({ way: 'http', request, ...more })
const HOST = 'HTTP/1.1\r\nHost: a\r\n'
const POLLING = '/socket.io/?EIO=4&transport=polling'
const posting = (path: string, body: string) =>
  `POST ${path} ${HOST}Content-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const BOTH = { transports: 'websocket,polling' }

/** The costliest requests, by guests that keep to the limits. */
const often = { perSecond: 95 }

const WAITING: Step = {
  say: ask('queue:join', { mode: 'lonely', roles: ['tank'] }, '1'),
  until: '43/lobby,1',
  isOnce: true,
}
const IN_PARTY: Step = { say: ask('party:create', {}, '1'), until: '43/lobby,1', isOnce: true }
const TALKED: Step[] = Array.from({ length: 5 }, (_, n) => ({
  say: ask('chat:send', { to: { party: true }, text: 'x'.repeat(500) }, `2${n}`),
  until: `43/lobby,2${n}`,
  isOnce: true,
}))
const MANY_IDS = Array.from({ length: 200 }, (_, n) => `nobody-${n}`)

export const attacks: Readonly<Record<string, Attack>> = {
  'connects to no namespace': strangers(text('40/zz,')),
  'acks for nobody': strangers(text('43/lobby,999[]')),
  'engine noops': strangers(text('6')),
  'engine pongs': strangers(text('3')),
  'empty frames': strangers(text('')),
  'ws pings': strangers({ payload: 'x', opcode: 'ping' }),
  'ws pongs': strangers({ payload: '', opcode: 'pong' }),
  'half frames': {
    way: 'websocket',
    enter: [],
    opening: { payload: '4', isFinal: false },
    frames: [{ payload: '', opcode: 'continuation', isFinal: false }],
  },
  'half frames with a byte': {
    way: 'websocket',
    enter: [],
    opening: { payload: '4', isFinal: false },
    frames: [{ payload: 'x', opcode: 'continuation', isFinal: false }],
  },
  placeholders: strangers(text('45999-/lobby,["x",{"_placeholder":true,"num":0}]')),
  'binary frames': strangers({ payload: 'x', opcode: 'binary' }),
  'not a packet': strangers(text('{{{')),
  'handshakes without upgrade': requests(`GET /socket.io/?EIO=4&transport=websocket ${HOST}\r\n`),
  'polls where polling is off': requests(`GET ${POLLING} ${HOST}\r\n`),
  polls: requests(`GET ${POLLING} ${HOST}\r\n`, BOTH),
  'posts where polling is off': requests(posting(POLLING, '6\u001e'.repeat(4_000))),
  posts: requests(posting(`${POLLING}&sid=SID`, '6\u001e'.repeat(16_000)), BOTH),
  'posts elsewhere': requests(posting('/healthz', 'x'.repeat(60_000))),
  'metrics from elsewhere': requests(`GET /metrics ${HOST}X-Forwarded-For: 192.0.2.1\r\n\r\n`),
  'entering and leaving': strangers(text('40/lobby,{}'), text('41/lobby,')),
  'guests who come and go': guests([text('{{{')]),

  'acks, guests': guests([text('43/lobby,999[]')]),
  'engine noops, guests': guests([text('6')]),
  'ws pings, guests': guests([{ payload: 'x', opcode: 'ping' }]),
  'cheap events': asking('queue:leave', {}),
  'cheap events, paced': asking('queue:leave', {}, often),
  'unknown events': asking('made-up', {}),
  'malformed events': asking('queue:join', { mode: { length: { toString: 1 } } }),
  'large events': asking('queue:join', { mode: 'x'.repeat(20_000) }),
  'binary events': guests([
    text('451-/lobby,7["queue:join",{"_placeholder":true,"num":0}]'),
    { payload: 'xxxx', opcode: 'binary' },
  ]),
  'queueing and leaving': guests(
    [text(ask('queue:join', { mode: 'lonely', roles: ['tank'] }, '7')), text(ask('queue:leave', {}, '8'))],
    often,
  ),
  'lobbies made and left': guests(
    [
      text(ask('lobby:create', { mode: 'pair', name: 'a', visibility: 'public' }, '7')),
      text(ask('lobby:leave', {}, '8')),
    ],
    often,
  ),
  'parties made and left': guests([text(ask('party:create', {}, '7')), text(ask('party:leave', {}, '8'))], often),
  'relay, two by two': playing('pair', 'match:send', 'x'.repeat(64)),
  'relay, two by two, paced': playing('pair', 'match:send', 'x'.repeat(64), { perSecond: 480 }),
  'relay, one room': playing('large', 'match:send', 'x'.repeat(64)),
  'relay, one room, paced': playing('large', 'match:send', 'x'.repeat(64), { perSecond: 480 }),
  'relay, large': playing('pair', 'match:send', 'x'.repeat(16_000)),
  'match:sync': playing('large', 'match:sync', { since: { epoch: 1, seq: 0 } }),
  'match:sync, paced': playing('large', 'match:sync', { since: { epoch: 1, seq: 0 } }, often),
  'match:act, paced': playing('large', 'match:act', { type: 'move', data: 'x'.repeat(1_000) }, often),
  'match:set, paced': playing('large', 'match:set', { key: 'k', value: 'x'.repeat(4_000) }, often),
  'queue:explain': asking('queue:explain', {}, { enter: [INTO_LOBBY, WAITING], scene: 'queue' }),
  'queue:explain, paced': asking('queue:explain', {}, { enter: [INTO_LOBBY, WAITING], scene: 'queue', ...often }),
  'lobby:list': asking('lobby:list', {}, { scene: 'lobbies' }),
  'lobby:list, paced': asking('lobby:list', { text: 'é' }, { scene: 'lobbies', ...often }),
  'lobby:watch, paced': asking('lobby:watch', {}, { scene: 'lobbies', ...often }),
  'lobby:quick': asking('lobby:quick', { mode: 'large' }, { scene: 'lobbies' }),
  'lobby:quick, paced': guests([text(ask('lobby:quick', { mode: 'large' }, '7')), text(ask('lobby:leave', {}, '8'))], {
    scene: 'lobbies',
    ...often,
  }),
  'leaderboard:get': asking('leaderboard:get', { mode: 'ranked' }, { scene: 'ranked' }),
  'leaderboard:get, paced': asking('leaderboard:get', { mode: 'ranked' }, { scene: 'ranked', ...often }),
  'player:get': asking('player:get', { playerId: 'RANKED' }, { scene: 'ranked' }),
  'player:get, paced': asking('player:get', { playerId: 'RANKED' }, { scene: 'ranked', ...often }),
  'player:watch': asking('player:watch', { playerIds: MANY_IDS }),
  'player:watch, paced': asking('player:watch', { playerIds: MANY_IDS }, often),
  'chat:history': asking('chat:history', { to: { party: true } }, { enter: [INTO_LOBBY, IN_PARTY, ...TALKED] }),
  'chat:history, paced': asking(
    'chat:history',
    { to: { party: true } },
    { enter: [INTO_LOBBY, IN_PARTY, ...TALKED], ...often },
  ),
}
