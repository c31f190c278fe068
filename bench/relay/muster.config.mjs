// One mode per room size: a match starts as soon as it is full, and nothing ends it while the bench runs.
const sizes = (process.env.BENCH_ROOMS ?? '2,8,64').split(',').map(Number)

export default {
  modes: sizes.map((size) => ({
    id: `bench${size}`,
    players: { min: size, max: size },
    countdownMs: 0,
    joinMs: 60_000,
    maxMs: 3_600_000,
  })),
}
