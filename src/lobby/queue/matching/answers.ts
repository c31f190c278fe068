import type { MatchId, PlayerId } from '../../../protocol/ids.ts'
import type { Accepted, Refusal } from '../../../protocol/reply.ts'
import type { ServiceTime } from '../../../util/outage.ts'
import type { MatchService, People } from '../../ports.ts'
import type { Excuses } from '../penalties/excuses.ts'

type Answer = 'accepted' | 'declined'
interface AnswersParts {
  matchService: MatchService
  people: People
  excuses: Excuses
  time: ServiceTime
}

/** Players' answers to proposals. An answer that could not be stored is given again after the outage. */
export function createAnswers({ matchService, people, excuses, time }: AnswersParts) {
  const unheard = new Map<PlayerId, { matchId: MatchId; answer: Answer }>()

  time.onOutage(() => {
    const given = [...unheard]
    unheard.clear()
    for (const [playerId, { matchId, answer: said }] of given)
      if (people.isOnline(playerId)) void answer(playerId, matchId, said)
  })

  async function answer(playerId: PlayerId, matchId: MatchId, said: Answer): Promise<Accepted | Refusal> {
    const reply = await matchService.answerProposal({ matchId, playerId }, said)
    if (reply.ok || reply.error.code !== 'UNAVAILABLE') {
      unheard.delete(playerId)
      return reply
    }
    unheard.set(playerId, { matchId, answer: said })
    if (said === 'accepted') excuses.add(matchId, playerId, 'unheard')
    return reply
  }

  return { answer, clear: () => unheard.clear() }
}
