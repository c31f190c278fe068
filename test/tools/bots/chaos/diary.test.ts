import { expect, test } from 'vitest'
import { openDiary } from '../../../../tools/bots/chaos/player/diary.ts'
import { line } from './history.ts'

const seat = { ok: true, epoch: 1, seq: 2 }

test('a request that gets no reply is still one of the match that it was made in', () => {
  const diary = openDiary()
  diary.asking('match:join', { matchId: 'm1' })(seat)
  const answered = diary.asking('match:act', { type: 'tick', id: 'a' })
  diary.disconnected()
  answered(null)
  expect(diary.close('ann').entries.at(-1)).toMatchObject({
    is: 'asked',
    event: 'match:act',
    matchId: 'm1',
    reply: null,
  })
})

test('the connection is in the match that it joined last, until it is gone or has left', () => {
  const diary = openDiary()
  expect(diary.seatedIn()).toBeNull()
  diary.asking('match:join', { matchId: 'm1' })(seat)
  diary.asking('match:join', { matchId: 'm2' })({ ok: false, error: { code: 'NOT_FOUND' } })
  expect(diary.seatedIn()).toBe('m1')
  diary.asking('match:leave', {})({ ok: true })
  expect(diary.seatedIn()).toBeNull()
  diary.asking('match:join', { matchId: 'm2' })(seat)
  diary.closed('m2', 'completed')
  expect(diary.seatedIn()).toBeNull()
})

test('a rematch that is agreed is a line of the match that it was agreed in', () => {
  const diary = openDiary()
  diary.asking('match:join', { matchId: 'm0' })(seat)
  diary.heard(line(3, { type: 'rematch.agreed' }))
  expect(diary.close('ann').entries.at(-1)).toMatchObject({ is: 'heard', matchId: 'm0' })
})
