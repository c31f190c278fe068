import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLoopTurns } from '../../src/gateway/guard/loop-turns.ts'
import { createOutbox } from '../../src/gateway/guard/outbox.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

function slowOutbox() {
  let nowMs = 0
  const elapsed = () => nowMs
  const outbox = createOutbox({ turns: createLoopTurns({ elapsed, log }), elapsed })
  const sent: string[] = []
  const send = (message: string) =>
    outbox.send(() => {
      nowMs += 1
      sent.push(message)
    })
  return { send, sent }
}

test('[DR30] few messages are sent at once', () => {
  const { send, sent } = slowOutbox()
  for (const message of ['a', 'b', 'c']) send(message)
  expect(sent).toEqual(['a', 'b', 'c'])
})

test('[DR30] many messages are sent in order, with other work of the loop in between', async () => {
  const { send, sent } = slowOutbox()
  const messages = Array.from({ length: 20 }, (_, n) => `message ${n}`)
  for (const message of messages) send(message)
  const atOnce = sent.length
  expect(atOnce).toBeLessThan(messages.length)
  let turns = 0
  for (; sent.length < messages.length && turns < 100; turns += 1) {
    const before = sent.length
    await setImmediate()
    expect(sent.length - before).toBeLessThanOrEqual(5)
  }
  expect(sent).toEqual(messages)
  expect(turns).toBeGreaterThan(1)
})

test('[DR30] a message that comes while others wait is sent after them', async () => {
  const { send, sent } = slowOutbox()
  for (let n = 0; n < 6; n += 1) send(`early ${n}`)
  await Promise.resolve()
  send('late')
  while (sent.length < 7) await setImmediate()
  expect(sent.at(-1)).toBe('late')
})
