import { defineConfig, shippedModes } from 'muster'

// The modes of this server. Add yours beside the shipped ones, or in their place; SPEC.md lists every field.
export default defineConfig({
  modes: [...shippedModes],
})
