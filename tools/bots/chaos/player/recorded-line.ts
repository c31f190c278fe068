import type { Socket } from 'socket.io-client'
import type { Muster } from '../../../../src/client/client.ts'
import type { Answer, Asking } from '../check/history.ts'
import type { OpenDiary } from './diary.ts'

const REPLY_MS = 5_000

type AnyLine = Muster['match'] | Muster['lobby']

const noReply = {
  ok: false,
  error: { code: 'UNAVAILABLE', message: 'No reply came.', retryable: true },
}

/**
 * A line that records every request and reply. It records in the acknowledgement itself, not after a promise, because
 * the history depends on the order of replies and events.
 */
export function recordedLine<L extends AnyLine>(line: L, diary: OpenDiary): L {
  const socket = line.socket as unknown as Socket
  const ask = (event: string, asking: Asking) =>
    new Promise<unknown>((resolve) => {
      const answered = diary.asking(event, asking)
      socket.timeout(REPLY_MS).emit(event, asking, (fault: Error | null, reply: Answer) => {
        answered(fault ? null : reply)
        resolve(fault ? noReply : reply)
      })
    })
  return { socket: line.socket, ask } as unknown as L
}
