import type { MachineEvent } from '../../src/machines/match/machine-events.ts'
import { type MatchSnapshot, openMatch, type Referee, stepMatch } from '../../src/machines/match/match-step.ts'
import { checkAct } from '../../src/match/commands/checks.ts'
import type { EpochMs } from '../../src/ports.ts'
import type { MatchId, PlayerId } from '../../src/protocol/ids.ts'
import { timedSandbox } from '../../src/system/sandbox.ts'
import { newId } from '../../src/system/system.ts'
import { type Game, gameOf } from '../durable/games.ts'

const AT: EpochMs = Date.UTC(2030, 0, 1)
const ANN = newId() as PlayerId
const BOB = newId() as PlayerId

/** Steps that can be repeated: each gets the same snapshot, and its outcome is dropped. */
export type Steps = ReadonlyMap<string, () => unknown>

export function commonSteps(): Steps {
  const open = opened(gameOf.plain)
  const half = after(open, { type: 'player.joined', playerId: ANN, at: AT })
  const playing = after(half, { type: 'player.joined', playerId: BOB, at: AT })
  const dropped = after(playing, { type: 'player.dropped', playerId: BOB, at: AT })
  const step = (snapshot: MatchSnapshot, event: MachineEvent) => () => stepMatch(snapshot, event)
  return new Map<string, () => unknown>([
    ['joined', step(open, { type: 'player.joined', playerId: ANN, at: AT })],
    ['joined, play begins', step(half, { type: 'player.joined', playerId: BOB, at: AT })],
    ['joined again', step(playing, { type: 'player.joined', playerId: BOB, at: AT })],
    ['dropped', step(playing, { type: 'player.dropped', playerId: BOB, at: AT })],
    ['back', step(dropped, { type: 'player.joined', playerId: BOB, at: AT })],
    ['action', step(playing, { type: 'action.taken', seat: 0, action: gameOf.plain.action(0), at: AT })],
    ['action, judged', judged(gameOf.plain)],
    ['action, judged, id', judged(gameOf.ids)],
    ['action, judged by rules', judged(gameOf.rules)],
    ['the same, watched', judged(gameOf.rules, timedSandbox)],
  ])
}

function opened({ mode }: Game): MatchSnapshot {
  const players = [ANN, BOB].map((playerId, n) => ({ playerId, name: `player ${n}`, queuedAt: AT }))
  return openMatch({ matchId: newId() as MatchId, mode, players, at: AT }).snapshot
}

const after = (snapshot: MatchSnapshot, event: MachineEvent, referee: Referee | null = null): MatchSnapshot =>
  stepMatch(snapshot, event, referee).snapshot

/** An action from the request to the next snapshot, in a match whose seats have acted before. */
function judged(game: Game, sandbox: Referee['sandbox'] = (run) => run()): () => MatchSnapshot {
  const referee = game.mode.rules ? { rules: game.mode.rules, sandbox } : null
  const lane = { referee, properties: game.mode.properties }
  const act = (snapshot: MatchSnapshot, n: number): MatchSnapshot => {
    const seat = snapshot.context.seats[n % 2]
    if (!seat) throw new Error('there is no such seat')
    const judgedAct = checkAct({ snapshot, position: { epoch: 1, seq: n }, now: AT }, seat, game.action(n), lane)
    if ('ok' in judgedAct || !judgedAct.event) throw new Error('the action was not taken')
    return after(snapshot, { ...judgedAct.event, at: AT } as MachineEvent, referee)
  }
  let playing = opened(game)
  for (const playerId of [ANN, BOB]) playing = after(playing, { type: 'player.joined', playerId, at: AT }, referee)
  const first = (playing.context.game?.state as { turn: number } | undefined)?.turn ?? 0
  const full = first + 2 * Math.ceil(game.warmUpActs / 2)
  for (let n = first; n < full; n += 1) playing = act(playing, n)
  return () => act(playing, full)
}

/** Microseconds a step takes, the median of rounds in which all take turns. */
export function timed(steps: Steps, { rounds, ms }: { rounds: number; ms: number }): Map<string, number> {
  const all = new Map<string, number[]>([...steps.keys()].map((name) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, step] of steps) {
      const micros = microsOf(step, ms)
      // The first round warms up.
      if (round > 0) all.get(name)?.push(micros)
    }
  }
  return new Map(
    [...all].map(([name, each]) => [name, each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0]),
  )
}

function microsOf(step: () => unknown, ms: number): number {
  const start = performance.now()
  const until = start + ms
  let count = 0
  while (performance.now() < until) {
    for (let n = 0; n < 20; n += 1) step()
    count += 20
  }
  return ((performance.now() - start) * 1_000) / count
}
