import { expect, test } from 'vitest'
import { Classes } from '../../../src/lobby/matchmaker/classes.ts'

const MANY = 600

test('what was learned of wants that nobody has any more is forgotten, the oldest first', () => {
  const classes = new Classes()
  const forgotten: number[] = []
  for (let n = 0; n < MANY; n += 1) {
    const id = classes.enter({ map: `map ${n}` })
    const gone = classes.leave(id)
    if (gone !== null) forgotten.push(gone)
  }
  expect(classes.size).toBeLessThanOrEqual(256)
  expect(forgotten).toEqual(Array.from({ length: MANY - classes.size }, (_, n) => n))
})
