import type { Settings } from './custom-lobby.ts'

// All members get them with each change of the lobby.
const MAX_BYTES = 4_096
const utf8 = new TextEncoder()

/** Whether settings weigh more than a lobby carries. */
export const isTooLarge = (settings: Settings | undefined): boolean =>
  utf8.encode(JSON.stringify(settings ?? {})).length > MAX_BYTES
