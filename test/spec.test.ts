import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const rules = [...readFileSync('SPEC.md', 'utf8').matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map(([, rule]) => rule)
const citations = new Set(
  globSync('test/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\[([A-Z]{2}\d+)\]/g)].map(([, rule]) => rule),
  ),
)

test('every rule of the spec has its own number', () => {
  expect(rules.length).toBeGreaterThan(0)
  expect(new Set(rules).size).toBe(rules.length)
})

test('every rule of the spec has a test that cites it', () => {
  expect(rules.filter((rule) => !citations.has(rule))).toEqual([])
})

test('every rule that a test cites is in the spec', () => {
  expect([...citations].filter((rule) => !rules.includes(rule))).toEqual([])
})
