import { defineConfig } from '@muster-rooms/server'
import { highCard } from './src/high-card.ts'

export default defineConfig({
  modes: [{ id: 'high-card', teams: { count: 2, size: 1 }, rated: true, countdownMs: 0, rules: highCard }],
  page: 'dist',
})
