import { defineConfig } from '@muster-rooms/server'

export default defineConfig({
  // Two to four players in a free-for-all; the page sends positions over the relay, which stores nothing.
  modes: [{ id: 'arena', players: { min: 2, max: 4 }, countdownMs: 0, matchmaking: { fillMs: 1_000 } }],
  page: 'dist',
})
