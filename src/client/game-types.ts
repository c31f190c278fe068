// Types only: what the type of a game's config says about its modes. The config itself stays on the server.

/** The part of a config that the types need; `typeof config` of any `defineConfig` fits, and so does one of its titles. */
export interface ConfigTypes {
  modes?: readonly { id: string; rules?: unknown }[]
  titles?: unknown
  regions?: unknown
  lobbies?: unknown
}
type ModesOf<Config extends ConfigTypes> = Config extends { modes: readonly (infer Mode extends { id: string })[] }
  ? Mode
  : { id: string }

/** The ids of the config's modes; any text for a config that is not known. */
export type ModeId<Config extends ConfigTypes> = ModesOf<Config>['id']

/** The rules of a mode, if the config has the mode by this very id. */
type RulesOf<Config extends ConfigTypes, Id extends string> =
  ModesOf<Config> extends infer Mode ? (Mode extends { id: Id; rules: infer Rules } ? Rules : never) : never

interface AnyMove {
  type: string
  data?: unknown
}
/**
 * What a player of the mode may send with `act`: the action that the mode's rules declare, without the seat. Of several
 * modes, the actions of each.
 */
export type MoveOf<Config extends ConfigTypes, Id extends string> = Id extends unknown
  ? MoveIn<RulesOf<Config, Id>>
  : never
type MoveIn<Rules> = [Rules] extends [never]
  ? AnyMove
  : Rules extends { act(state: never, action: infer Action, ctx: never): unknown }
    ? WithoutSeat<Action>
    : AnyMove
type WithoutSeat<Action> = Action extends unknown ? { [Key in Exclude<keyof Action, 'seat'>]: Action[Key] } : never

/** The game as the mode's rules show it: `view.game`. */
export type GameOf<Config extends ConfigTypes, Id extends string> = Id extends unknown
  ? GameIn<RulesOf<Config, Id>>
  : never
type GameIn<Rules> = [Rules] extends [never]
  ? unknown
  : Rules extends { view(state: never, who: never, ctx: never): infer Game }
    ? Game
    : unknown

/** A match by its id, or as `match:found`, a session or a lobby tells of it: then its mode gives the types of its room. */
export type MatchRef<Mode extends string> = string | { readonly matchId: string; readonly mode: Mode }

/** A push with the mode ids of a config, as a union that `mode` tells apart. */
export type PerMode<Told extends { mode: string }, Id extends string> = string extends Id
  ? Told
  : Id extends string
    ? Omit<Told, 'mode'> & { mode: Id }
    : never
