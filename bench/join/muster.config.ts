import { defineConfig, type GameRules } from '../../src/config/config.ts'

const seats = Number(process.env.BENCH_SEATS ?? '1000')
const stateKib = Number(process.env.BENCH_STATE_KIB ?? '20')

/** A board of so many KiB as JSON, of which each act changes one field. */
interface Board {
  shown: number[]
  hidden: number[]
}
/** What a view may weigh, counted as rules are: 8 characters for a number. */
const MOST_SHOWN_KIB = 48
const FIELD_CHARS = 7

function rulesThatShow(view: GameRules<Board>['view']): GameRules<Board> {
  const fields = (kib: number) => Array.from({ length: Math.floor((kib * 1_024) / FIELD_CHARS) }, (_, n) => 100_000 + n)
  const shownKib = Math.min(stateKib, MOST_SHOWN_KIB)
  return {
    setup: () => ({ shown: fields(shownKib), hidden: fields(stateKib - shownKib) }),
    act: ({ shown, hidden }, { seat }) => ({ shown: shown.with(seat, 200_000), hidden }),
    over: () => null,
    view,
  }
}

const players = { min: seats, max: seats }
const patient = { joinMs: 120_000, graceMs: 120_000, countdownMs: 0, endWhen: 'nobodyLeft' } as const
const actors = { players: { min: 64, max: 64 }, ...patient }

export default defineConfig({
  modes: [
    { id: 'pair', players: { min: 2, max: 2 }, ...patient },
    { id: 'crowd', players, ...patient },
    { id: 'asked', players, ...patient, readyCheckMs: 120_000 },
    { id: 'alike', ...actors, rules: rulesThatShow(({ shown }) => ({ shown })) as GameRules },
    { id: 'differing', ...actors, rules: rulesThatShow(({ shown }, who) => ({ who, shown })) as GameRules },
  ],
})
