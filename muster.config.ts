import { defineConfig, shippedModes } from '@muster-rooms/server'

// The modes of this server. Add yours beside the shipped ones, or in their place; README.md lists every field.
export default defineConfig({
  // `doubles` is for the demo: two friends who want to be on one team.
  modes: [...shippedModes, { id: 'doubles', teams: { count: 2, size: 2 } }],
})
