import * as z from 'zod'
import { type ChatMessage, chatMessage } from '../../protocol/events/chat.ts'
import * as s from '../../protocol/schemas.ts'

const spoken = z.object({ channel: z.string(), message: chatMessage })
const waiting = z.object({ to: s.playerId, message: chatMessage })

/** A message of a channel, from its record, or null when that cannot be read. */
export const spokenFrom = (value: unknown): { channel: string; message: ChatMessage } | null =>
  spoken.safeParse(value).data ?? null

/** A message that waits for somebody, from its record, or null when that cannot be read. */
export const waitingFrom = (value: unknown) => waiting.safeParse(value).data ?? null
