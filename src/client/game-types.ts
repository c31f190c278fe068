// Types only: what the type of a game's config says about its modes. The config itself stays on the server.

/** The part of a config that the types need; `typeof config` of any `defineConfig` fits. */
export interface ConfigTypes {
  modes?: readonly { id: string; rules?: unknown }[]
}
type ModesOf<Config extends ConfigTypes> = NonNullable<Config['modes']>[number]

/** The ids of the config's modes; any text for a config that is not known. */
export type ModeId<Config extends ConfigTypes> = ModesOf<Config>['id']

/** The rules of a mode, if the config has the mode by this very id. */
type RulesOf<Config extends ConfigTypes, Id extends string> =
  ModesOf<Config> extends infer Mode ? (Mode extends { id: Id; rules: infer Rules } ? Rules : never) : never

interface AnyMove {
  type: string
  data?: unknown
}
/** What a player of the mode may send with `act`: the action that the mode's rules declare, without the seat. */
export type MoveOf<Config extends ConfigTypes, Id extends string> = [RulesOf<Config, Id>] extends [never]
  ? AnyMove
  : RulesOf<Config, Id> extends { act(state: never, action: infer Action, ctx: never): unknown }
    ? WithoutSeat<Action>
    : AnyMove
type WithoutSeat<Action> = Action extends unknown ? { [Key in Exclude<keyof Action, 'seat'>]: Action[Key] } : never

/** The game as the mode's rules show it: `view.game`. */
export type GameOf<Config extends ConfigTypes, Id extends string> = [RulesOf<Config, Id>] extends [never]
  ? unknown
  : RulesOf<Config, Id> extends { view(state: never, who: never, ctx: never): infer Game }
    ? Game
    : unknown
