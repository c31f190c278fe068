import { type GameRules, type RulesContext, type Viewer, viewersOf } from '../../src/config/rules.ts'

/**
 * Parts of the state that not everyone may see: by path, the viewers who may. `*` stands for any index or key; as a
 * number it is passed to a function: `{ deck: [], 'hands.*': (seat) => [seat] }`.
 */
export type Hidden = Record<string, readonly Viewer[] | ((index: number) => readonly Viewer[])>

interface Leaf {
  path: string[]
  value: unknown
  mayBeSeenBy: readonly Viewer[]
}
type Tree = { [key: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

/** The values of the state below the hidden paths. */
function leavesOf(state: unknown, hidden: Hidden): Leaf[] {
  return Object.entries(hidden).flatMap(([pattern, viewers]) =>
    matching(state, pattern.split('.')).flatMap(({ path, value, index }) => {
      const mayBeSeenBy = typeof viewers === 'function' ? viewers(index) : viewers
      return below(value, path).map((leaf) => ({ ...leaf, mayBeSeenBy }))
    }),
  )
}

function matching(value: unknown, [head, ...rest]: string[], path: string[] = [], index = Number.NaN): Match[] {
  if (head === undefined) return [{ path, value, index }]
  if (!isTree(value)) return []
  const keys = head === '*' ? Object.keys(value) : Object.hasOwn(value, head) ? [head] : []
  return keys.flatMap((key) => matching(value[key], rest, [...path, key], head === '*' ? Number(key) : index))
}
interface Match {
  path: string[]
  value: unknown
  /** What the last `*` stands for. */
  index: number
}

function below(value: unknown, path: string[]): { path: string[]; value: unknown }[] {
  return isTree(value)
    ? Object.entries(value).flatMap(([key, inner]) => below(inner, [...path, key]))
    : [{ path, value }]
}

function withValue(state: unknown, path: readonly string[], value: unknown): unknown {
  const changed = structuredClone(state)
  const parent = path.slice(0, -1).reduce((inner, key) => (inner as Tree)[key], changed)
  ;(parent as Tree)[path.at(-1) ?? ''] = value
  return changed
}

/** Other values of the same type: first the one of another hidden leaf, which the rules surely know, then a made one. */
function othersOf({ value }: Leaf, leaves: readonly Leaf[]): unknown[] {
  const alike = leaves.find((leaf) => typeof leaf.value === typeof value && leaf.value !== value && leaf.value !== null)
  const made =
    typeof value === 'number'
      ? [value + 1]
      : typeof value === 'string'
        ? [`${value}?`]
        : typeof value === 'boolean'
          ? [!value]
          : []
  return [...(alike ? [alike.value] : []), ...made]
}

/**
 * Changes each hidden value and looks whether the view of a viewer who may not see it changes. Returns what leaks, or
 * null. A changed state that the rules cannot show is skipped.
 */
export function leakIn(rules: GameRules, state: unknown, ctx: RulesContext, hidden: Hidden): string | null {
  const look = (seen: unknown, who: Viewer) => JSON.stringify(rules.view(structuredClone(seen), who, ctx))
  const leaves = leavesOf(state, hidden)
  if (leaves.length === 0) return null
  const views = viewersOf(ctx.seats).map((who) => ({ who, before: look(state, who) }))
  for (const leaf of leaves) {
    for (const other of othersOf(leaf, leaves)) {
      const changed = withValue(state, leaf.path, other)
      for (const { who, before } of views) {
        if (leaf.mayBeSeenBy.includes(who)) continue
        const after = attempt(() => look(changed, who))
        if (after !== null && before !== after)
          return `view shows ${named(who)} the hidden value state.${leaf.path.join('.')}`
      }
    }
  }
  return null
}

const named = (who: Viewer): string => (who === 'spectator' ? 'a spectator' : `seat ${who}`)

function attempt<T>(run: () => T): T | null {
  try {
    return run()
  } catch {
    return null
  }
}

/** The same for what `tell` lets the others hear of an action: fields of its data by the action's type. */
export function leakInTelling(
  rules: GameRules,
  action: { type: string; data?: unknown; seat: number },
  seats: readonly { seat: number }[],
  hiddenData: Record<string, readonly string[]>,
): string | null {
  const fields = hiddenData[action.type] ?? []
  const told = (data: unknown, who: Viewer) =>
    JSON.stringify(rules.tell ? rules.tell({ ...action, data }, who) : data) ?? 'undefined'
  for (const field of fields) {
    const data = action.data as Tree
    if (!isTree(data) || !Object.hasOwn(data, field)) continue
    for (const who of viewersOf(seats)) {
      if (who === action.seat) continue
      const changed = attempt(() => told({ ...data, [field]: [data[field]] }, who))
      if (changed !== null && changed !== told(data, who))
        return `tell lets ${named(who)} hear data.${field} of ${action.type}`
    }
  }
  return null
}
