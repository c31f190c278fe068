import { refuse } from '../../src/protocol/reply.ts'
import type { Chance } from './chance.ts'
import type { AnswerChecks } from './check-answers.ts'
import type { Answer, Command } from './commands.ts'
import type { Link } from './player.ts'
import type { Life, Timeline } from './timeline.ts'
import { shortened, type Trace } from './trace.ts'

interface NetworkParts {
  timeline: Timeline
  chance: Chance
  trace: Trace
  answers: AnswerChecks
  /** Messages on their way to a player survive the process. */
  world: Life
  isFormer: (life: Life) => boolean
  hears: (playerId: string, command: Command, answer: Answer) => void
}

/** The network: commands take time and overtake each other, and some replies are lost. */
export function createNetwork({ timeline, chance, trace, answers, world, isFormer, hears }: NetworkParts) {
  function say(link: Link, command: Command): void {
    const { service, connection } = link
    trace(() => `${connection.id} says ${JSON.stringify(command)}`)
    timeline.in(chance.between(1, chance.pick([10, 60, 400])), () => void deliver(link, command), service.life)
  }

  async function deliver({ service, connection }: Link, command: Command): Promise<void> {
    if (!connection.isOpen) return
    const { playerId } = connection
    const matchId = 'matchId' in command.payload ? command.payload.matchId : (connection.place?.matchId ?? '')
    const wasDone = answers.isDone(matchId, command)
    const answer = await service.handle(connection, command).catch((fault: unknown) => {
      trace(() => `  fault: ${fault}`)
      return refuse('INTERNAL')
    })
    trace(() => `${connection.id} ${command.uid} is answered ${shortened(JSON.stringify(answer))}`)
    answers.answered({ command, matchId, playerId, answer, isFormer: isFormer(service.life), wasDone })
    const isLost = chance.is(0.15)
    if (!isLost) timeline.in(chance.between(1, 60), () => hears(playerId, command, answer), world)
  }

  return { say }
}
