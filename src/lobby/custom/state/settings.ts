import { type Refusal, refuse } from '../../../protocol/reply.ts'
import type { Settings } from './custom-lobby.ts'

// All members get them with each change of the lobby.
const MAX_BYTES = 4_096
const utf8 = new TextEncoder()

/** The refusal of settings that are too large for a lobby, or null. */
export const refusalOfSettings = (settings: Settings | undefined): Refusal | null =>
  utf8.encode(JSON.stringify(settings ?? {})).length > MAX_BYTES
    ? refuse('TOO_LARGE', { because: 'settings weigh at most 4 KB' })
    : null
