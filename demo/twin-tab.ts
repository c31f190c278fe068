/*
 * "Duplicate tab" copies the storage of a tab, including its player. The copy asks on a channel, and the original answers.
 */
const ANSWER_MS = 150
const CHANNEL = 'muster.players'

type Note = { isAnyone?: string; taken?: string }

/** Whether another tab of this browser plays as this player right now. */
export function isPlayedElsewhere(playerId: string): Promise<boolean> {
  const channel = new BroadcastChannel(CHANNEL)
  return new Promise<boolean>((resolve) => {
    channel.onmessage = ({ data }: MessageEvent<Note>) => {
      if (data.taken === playerId) resolve(true)
    }
    channel.postMessage({ isAnyone: playerId } satisfies Note)
    setTimeout(resolve, ANSWER_MS, false)
  }).finally(() => channel.close())
}

/** Answers for the player of this tab from now on. */
export function answerTwins(playerId: () => string | null): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = ({ data }: MessageEvent<Note>) => {
    const mine = playerId()
    if (mine !== null && data.isAnyone === mine) channel.postMessage({ taken: mine } satisfies Note)
  }
}
