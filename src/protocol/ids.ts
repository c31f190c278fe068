declare const brand: unique symbol
type Id<Name extends string> = string & { readonly [brand]: Name }

export type PlayerId = Id<'player'>
export type TicketId = Id<'ticket'>
export type MatchId = Id<'match'>
export type LobbyId = Id<'lobby'>
export type PartyId = Id<'party'>

/** The room of all sockets of one player, in each namespace. */
export const playerRoom = (player: PlayerId): string => `player:${player}`

/** The room in /match of all sockets that are in one match. */
export const matchRoom = (match: MatchId): string => `match:${match}`

/** The room in /lobby of all sockets of the members of one lobby. */
export const lobbyRoom = (lobby: LobbyId): string => `lobby:${lobby}`

/** Whether it is the room of a match or a lobby. */
export const isShared = (room: string): boolean => /^(match|lobby):/.test(room)
