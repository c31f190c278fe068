import type { MatchStore } from '../../src/match/match-store.ts'
import { type Listener, MatchRuntime, type RuntimeParts } from '../../src/match/runtime/match-runtime.ts'
import { atOnce } from '../../src/ports.ts'
import { openMemoryMatchStore } from '../../src/stores/memory/match-store.ts'
import { FakeClock } from './clock.ts'
import { openedMatch, playerId } from './openings.ts'

/** A match that records every commit and publication, on a store that can be told to misbehave. */
export async function runningMatch(
  change: Partial<MatchStore> = {},
  parts: Partial<RuntimeParts> & { names?: string[] } = {},
) {
  const clock = new FakeClock()
  const steps: string[] = []
  const faults: object[] = []
  const memory = openMemoryMatchStore()
  const store: MatchStore = {
    ...memory,
    async commit(commit) {
      steps.push(`asked to store ${commit.lines.map(({ type }) => type)}`)
      const stored = await memory.commit(commit)
      steps.push('stored')
      return stored
    },
    ...change,
  }
  const listener: Listener = {
    committed: ({ lines }) => void steps.push(`told ${lines.map(({ type }) => type)}`),
    fenced: () => steps.push('fenced'),
  }
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void faults.push(fields) }
  const { names = ['ann', 'bob'], ...more } = parts
  const { snapshot, facts } = openedMatch('m1', names)
  snapshot.context.deadline = { name: 'joinBy', at: clock.now() + 15_000 }
  const runtime = new MatchRuntime(
    {
      store,
      turns: atOnce,
      elapsed: () => 0,
      clock,
      log,
      listener,
      referee: null,
      inTurn: (_, run) => run(),
      heard: () => ({}),
      ...more,
    },
    { snapshot, epoch: 1, seq: 0 },
  )
  await runtime.begin(facts)
  return { runtime, clock, steps, faults, memory }
}
export const joined = (name: string) => () => ({ type: 'player.joined', playerId: playerId(name) }) as const
