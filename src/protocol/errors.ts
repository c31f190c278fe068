interface Entry {
  /** Tells a person what to do next. */
  message: string
  /** Whether the same request, unchanged, may succeed later. */
  retryable: boolean
}

/** Every refusal of Muster. `docs/errors.md` is generated from this list. */
export const errors = {
  UNAUTHENTICATED: {
    message: 'Your token was not accepted. Connect without one to play as a guest, or sign in again.',
    retryable: false,
  },
  TOKEN_EXPIRED: { message: 'Your token has expired. Get a new one and connect again.', retryable: false },
  BANNED: { message: 'This player may not play here. Contact the operator of the game.', retryable: false },
  SESSION_REPLACED: {
    message: 'You connected from somewhere else. Close the other connection first.',
    retryable: false,
  },
  FORBIDDEN: { message: 'You may not do this here.', retryable: false },
  INVALID_NAMESPACE: { message: 'There is no such namespace. Connect to /lobby or /match.', retryable: false },
  ORIGIN_DENIED: {
    message: 'Pages of this origin may not connect. Add it to ALLOWED_ORIGINS on the server.',
    retryable: false,
  },
  BAD_REQUEST: { message: 'The request does not have the expected form.', retryable: false },
  TOO_LARGE: { message: 'The message is too large. Send less, or split it.', retryable: false },
  TOO_DEEP: { message: 'The message is nested too deeply. Flatten it.', retryable: false },
  UNKNOWN_EVENT: { message: 'There is no such event. Check its spelling and the namespace.', retryable: false },
  NAME_INVALID: {
    message: 'Choose a name of 1 to 24 visible characters (a lobby: 40), without control or invisible ones.',
    retryable: false,
  },
  RATE_LIMITED: { message: 'Too many requests. Slow down and try again.', retryable: true },
  LOCKED: { message: 'Too many wrong tries. Wait a while and try again.', retryable: true },
  SLOW_CONSUMER: { message: 'Your connection does not keep up. Connect again on a better one.', retryable: true },
  OVERLOADED: { message: 'The service is full right now. Try again in a moment.', retryable: true },
  NOT_FOUND: { message: 'There is no such thing here, or it is not yours.', retryable: false },
  UNKNOWN_MODE: { message: 'There is no such mode. Check its spelling.', retryable: false },
  NOT_QUEUED: { message: 'You are not in a queue.', retryable: false },
  ALREADY_QUEUED: { message: 'You are already in a queue. Leave it first.', retryable: false },
  ALREADY_IN_MATCH: { message: 'You are in a match. Go back to it, or leave it first.', retryable: false },
  TOO_LATE: { message: 'This was already decided.', retryable: false },
  QUEUE_PENALTY: { message: 'You declined or left too often. Wait before you queue again.', retryable: true },
  NOT_PARTY_LEADER: { message: 'Only the leader of your party can do this.', retryable: false },
  PARTY_FULL: { message: 'This party has no place left.', retryable: false },
  PARTY_TOO_LARGE: { message: 'Your party is too large for this mode.', retryable: false },
  ALREADY_IN_PARTY: { message: 'You are already in a party. Leave it first.', retryable: false },
  NOT_IN_PARTY: { message: 'You are not in a party.', retryable: false },
  LOBBY_FULL: { message: 'This lobby has no place left.', retryable: false },
  LOBBY_LOCKED: { message: 'This lobby is locked by its host.', retryable: false },
  WRONG_PASSWORD: { message: 'The password is wrong.', retryable: false },
  NOT_HOST: { message: 'Only the host can do this.', retryable: false },
  NOT_IN_LOBBY: { message: 'You are not in a lobby.', retryable: false },
  NOT_READY: { message: 'Not everyone is ready.', retryable: false },
  INVITE_INVALID: { message: 'This invite does not exist or is no longer valid.', retryable: false },
  BLOCKED: { message: 'One of you has blocked the other.', retryable: false },
  NOT_IN_MATCH: { message: 'This connection is in no match. Send match:join first.', retryable: false },
  NOT_YOUR_TURN: { message: 'It is not your turn.', retryable: false },
  ILLEGAL_ACTION: { message: 'The rules do not allow this now.', retryable: false },
  MATCH_ENDED: { message: 'This match has ended.', retryable: false },
  STALE_STATE: { message: 'The match has moved on. Look at it again before you act.', retryable: false },
  ID_REUSED: { message: 'This id was used for another action. Give each action an id of its own.', retryable: false },
  PAUSED: { message: 'The match is paused.', retryable: true },
  MATCH_ABORTED: { message: 'The match ended because of a fault on our side. Queue again.', retryable: false },
  UNAVAILABLE: { message: 'The service cannot do this right now. Try again in a moment.', retryable: true },
  DRAINING: { message: 'This server is about to restart. Connect again in a moment.', retryable: true },
  INTERNAL: { message: 'Something went wrong on our side. Try again.', retryable: true },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof errors
