import type { Viewer } from '../config/rules.ts'
import type { MatchSnapshot } from '../machines/match/match-step.ts'
import { isAlikeForAll, viewOf } from '../machines/match/match-view.ts'
import type { MatchView } from '../protocol/match-view.ts'
import { shared } from '../protocol/shared-json.ts'
import type { ModeRules } from './mode-rules.ts'

/** Makes the views of matches. Viewers who see the same share one view. */
export function createViews({ eyesOf }: Pick<ModeRules, 'eyesOf'>) {
  const alike = new WeakMap<MatchSnapshot, MatchView>()

  return function viewFor(snapshot: MatchSnapshot, who: Viewer): MatchView {
    const known = alike.get(snapshot)
    if (known) return known
    const eyes = eyesOf(snapshot, who)
    const view = viewOf(snapshot, eyes)
    if (isAlikeForAll(snapshot, eyes)) alike.set(snapshot, shared(view))
    return view
  }
}
