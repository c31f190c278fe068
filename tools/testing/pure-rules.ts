import type { GameRules, RulesContext } from '../../src/config/rules.ts'

/** Records the random numbers of a first run, and gives them again to a second one. */
function repeatable(ctx: RulesContext): { first: RulesContext; second: RulesContext; isReplayed: () => boolean } {
  const drawn: number[] = []
  let used = 0
  const record = () => {
    const number = ctx.random()
    drawn.push(number)
    return number
  }
  return {
    first: { ...ctx, random: record },
    second: { ...ctx, random: () => drawn[used++] ?? Number.NaN },
    isReplayed: () => used === drawn.length,
  }
}

/**
 * The same rules, which throw when a function changes its input, or answers the same input in another way the second
 * time. The message names the function.
 */
export function checkedForPurity(rules: GameRules): GameRules {
  /** Calls a function twice; `call` gets its own copy of the input. */
  function twice<Input, Answer>(
    name: keyof GameRules,
    input: Input,
    ctx: RulesContext,
    call: (input: Input, ctx: RulesContext) => Answer,
  ): Answer {
    const { first, second, isReplayed } = repeatable(ctx)
    const before = JSON.stringify(input)
    const lent = structuredClone(input)
    const answer = call(lent, first)
    if (JSON.stringify(lent) !== before) throw new TypeError(`${name} changes its input`)
    const again = call(structuredClone(input), second)
    if (JSON.stringify(again) !== JSON.stringify(answer) || !isReplayed())
      throw new TypeError(`${name} answers the same input in two ways: it is not pure`)
    return answer
  }
  const { tell, deadline, timeout } = rules
  const outside: RulesContext = { now: 0, seats: [], random: () => 0 }
  return {
    setup: (ctx) => twice('setup', null, ctx, (_, own) => rules.setup(own)),
    act: (state, action, ctx) => twice('act', { state, action }, ctx, (own, c) => rules.act(own.state, own.action, c)),
    over: (state, ctx) => twice('over', state, ctx, (own, c) => rules.over(own, c)),
    view: (state, who, ctx) => twice('view', state, ctx, (own, c) => rules.view(own, who, c)),
    ...(tell && { tell: (action, who) => twice('tell', action, outside, (own) => tell.call(rules, own, who)) }),
    ...(deadline && {
      deadline: (state, ctx) => twice('deadline', state, ctx, (own, c) => deadline.call(rules, own, c)),
    }),
    ...(timeout && {
      timeout: (state, name, ctx) => twice('timeout', state, ctx, (own, c) => timeout.call(rules, own, name, c)),
    }),
  }
}
