import type { Settings } from './custom-lobby.ts'

// All members get them with each change of the lobby.
const MAX_CHARS = 4_096

/** Whether settings weigh more than a lobby carries. */
export const isTooLarge = (settings: Settings | undefined): boolean => JSON.stringify(settings ?? {}).length > MAX_CHARS
