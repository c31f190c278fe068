import { type Matchmaker, TicketError } from '../../../src/matchmaker/api.ts'
import { Broken, hold } from './broken.ts'
import type { Scenario } from './scenario.ts'
import { type Call, instantOf, type Make } from './shadow.ts'
import { createShadow } from './shadows.ts'

type Method = Call['name']
/** What only asks is not worth telling. */
const QUESTIONS = new Set<Method>(['nextAt', 'stats', 'searching', 'explain', 'estimate'])
export type Hear = (line: string) => void

/** The matchmaker under test and, beside it, one that has to agree with every answer. */
export function openMachine({ options, shadow: kind }: Scenario, make: Make, hear?: Hear) {
  const matchmaker = make(options)
  const shadow = createShadow(kind, make, options)

  function ask<M extends Method>(name: M, ...args: Parameters<Matchmaker[M]>): ReturnType<Matchmaker[M]> {
    const call = { name, args } as Call
    if (!QUESTIONS.has(name)) hear?.(`${name}(${args.map((one) => JSON.stringify(one)).join(', ')})`)
    const answer = answerOf(matchmaker, call)
    if (!QUESTIONS.has(name)) hear?.(`  → ${shortened(answer)}`)
    compare(call, answer)
    if (answer instanceof TicketError) throw answer
    return answer as ReturnType<Matchmaker[M]>
  }

  function compare(call: Call, answer: unknown): void {
    if (!shadow) return
    shadow.before?.(instantOf(call))
    const expected = JSON.stringify(comparable(shadow.says(call, answer, false)))
    const seen = JSON.stringify(comparable(shadow.says(call, answerOf(shadow.matchmaker, shadow.hears(call)), true)))
    hold(seen === expected, `the same answers when ${kind}`, () => `${call.name}: ${expected}, but ${seen}`)
  }

  return { ask }
}
export type Machine = ReturnType<typeof openMachine>

const shortened = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 1_000)
const comparable = (answer: unknown): unknown => (answer instanceof TicketError ? { fault: answer.fault } : answer)

function answerOf(matchmaker: Matchmaker, { name, args }: Call): unknown {
  try {
    return (matchmaker[name] as (...args: unknown[]) => unknown)(...args)
  } catch (thrown) {
    if (thrown instanceof TicketError) return thrown
    throw new Broken(
      'nothing but a TicketError is thrown',
      `${name}: ${thrown instanceof Error ? thrown.stack : thrown}`,
    )
  }
}
