const lasting = { countdownMs: 0, joinMs: 60_000, maxMs: 3_600_000 }

export default {
  transports: (process.env.BENCH_TRANSPORTS ?? 'websocket').split(','),
  modes: [
    // Where the bystanders talk to each other.
    { id: 'calm', players: { min: 2, max: 2 }, ...lasting },
    // Where the attackers meet: all in one room, or two by two.
    {
      id: 'large',
      players: { min: 2, max: 40 },
      matchmaking: { fillMs: 500 },
      properties: { maxBytes: 4_096 },
      ...lasting,
    },
    { id: 'pair', players: { min: 2, max: 2 }, ...lasting },
    // Nobody who waits here is a healer.
    { id: 'lonely', teams: { count: 2, size: 2 }, matchmaking: { roles: { healer: 1, tank: 1 } } },
    {
      id: 'ranked',
      teams: { count: 2, size: 1 },
      rated: true,
      ratedPerPairPerDay: 1_000,
      matchmaking: { maxWaitMs: 100 },
      ...lasting,
    },
  ],
}
