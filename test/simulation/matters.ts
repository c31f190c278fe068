import type { MatchSnapshot } from '../../src/machines/match/match-step.ts'
import { isTaken } from '../../src/machines/match/seats.ts'
import type { Chance } from './chance.ts'
import { type Said, secretOf } from './commands.ts'

interface Situation {
  chance: Chance
  snapshot: MatchSnapshot
  playerId: string
  /** Goes into the data of actions, so that the log shows which command they came from. */
  uid: number
  isLookingOn: boolean
}
type Matter = 'act' | 'set' | 'ready' | 'pause' | 'resume' | 'finish' | 'rematch' | 'leave' | 'sync' | 'nothing'
type Weights = Partial<Record<Matter, number>>

const LIKELY: Record<MatchSnapshot['state'], Weights> = {
  proposed: { nothing: 1 },
  gathering: { nothing: 5, set: 2, act: 1, leave: 0.5, sync: 1 },
  countdown: { ready: 6, set: 1, leave: 0.3, nothing: 2, finish: 0.2 },
  playing: { act: 12, set: 4, pause: 1.5, finish: 3.5, leave: 0.4, sync: 1.5, nothing: 3 },
  paused: { resume: 4, act: 1, pause: 0.5, set: 1, leave: 0.3, nothing: 2, finish: 0.5 },
  settling: { finish: 6, act: 1, set: 1, leave: 0.5, nothing: 1 },
  ended: { rematch: 12, leave: 0.4, set: 0.5, act: 0.5, nothing: 1.5 },
  closed: { nothing: 1 },
}

/** The next command of a member; null for none. */
export function matters(situation: Situation): Said | null {
  const { chance, snapshot, isLookingOn } = situation
  const matter = isLookingOn
    ? chance.weighted({ act: 1, leave: 2, sync: 2, nothing: 4 })
    : chance.weighted<Matter>(chance.is(0.05) ? LIKELY.playing : LIKELY[snapshot.state])
  switch (matter) {
    case 'act':
      return { event: 'match:act', payload: actionIn(situation) }
    case 'set':
      return { event: 'match:set', payload: propertyIn(situation) }
    case 'finish':
      return { event: 'match:finish', payload: { result: { placements: claimIn(situation) } } }
    case 'rematch':
      return { event: 'match:rematch', payload: { accept: chance.is(0.9) } }
    case 'sync':
      return { event: 'match:sync', payload: { since: { epoch: chance.between(1, 2), seq: chance.between(0, 9) } } }
    case 'nothing':
      return null
    case 'ready':
    case 'pause':
    case 'resume':
    case 'leave':
      return { event: `match:${matter}`, payload: {} }
  }
}

function actionIn({ chance, snapshot, playerId, uid }: Situation) {
  const { mode } = snapshot.context
  const id = chance.is(0.85) ? { id: `c${uid}` } : {}
  const ifSeq = chance.is(0.05) ? { ifSeq: chance.between(1, 12) } : {}
  if (mode.id === 'tictactoe') return { type: 'mark', data: { cell: chance.between(0, 8), uid }, ...id, ...ifSeq }
  if (mode.id === 'rps') {
    const thrown = chance.pick(['rock', 'paper', 'scissors'])
    return { type: 'throw', data: { throw: thrown, uid, hidden: secretOf('own', playerId, uid) }, ...id, ...ifSeq }
  }
  return { type: 'move', data: { uid }, ...id, ...ifSeq }
}

function propertyIn({ chance, snapshot, playerId, uid }: Situation) {
  const key = chance.pick(['hand', 'plan', 'score', 'mood'])
  const isSecret = snapshot.context.mode.id === 'plain' && (key === 'hand' || key === 'plan')
  const value = isSecret ? secretOf(key === 'hand' ? 'own' : 'members', playerId, uid) : uid
  return { key, value, ...(chance.is(0.3) && { ifVersion: chance.between(0, 3) }) }
}

// Most players claim the same.
function claimIn({ chance, snapshot }: Situation): number[][] {
  const ranks = snapshot.context.seats.filter(isTaken).map(({ seat }) => [seat])
  return chance.is(0.8) ? ranks : ranks.reverse()
}
