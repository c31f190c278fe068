import { expect, test } from 'vitest'
import { pageOf } from '../../../tools/lab/report/page.ts'
import { printed, tableOf } from '../../../tools/lab/report/table.ts'
import { aMinute, life, recorded } from './support.ts'

const page = (settings = aMinute({}, [3, 6])) => pageOf({ title: 'The queue of squad', says: 'A minute', settings })

test('[QL5] the table has a column for each setting, and says when there is nothing to say', () => {
  const lines = printed([recorded('as recorded', [life({})]), recorded('nobody', [])]).split('\n')
  expect(lines[0]).toMatch(/^ +as recorded +nobody$/)
  expect(lines.find((line) => line.startsWith('wait, mean'))).toMatch(/1\.0 s +–$/)
  expect(lines.find((line) => line.startsWith('gap between teams, mean'))).toMatch(/10\.0 +–$/)
  expect(printed(aMinute({}, [3, 6]))).not.toContain('NaN')
})

test('[QL5] every chart of the page shows both settings', () => {
  const charts = page().match(/<svg.*?<\/svg>/gs) ?? []
  expect(charts).toHaveLength(6)
  for (const chart of charts)
    for (const which of ['s0', 's1']) expect(chart).toMatch(new RegExp(`<g class="${which}"><(path|circle|rect)`))
})

test('[QL5] the table of the page is the printed one', () => {
  const settings = aMinute({}, [3, 6])
  for (const { cells } of tableOf(settings))
    for (const cell of cells) expect(page(settings)).toContain(`<td>${cell}</td>`)
})

test('[QL6] the page refers to nothing elsewhere and runs nothing', () => {
  const html = page().replaceAll('xmlns="http://www.w3.org/2000/svg"', '')
  expect(html).not.toMatch(/https?:|\/\/\w|<script|<link|<img|@import|url\(|\bon\w+=|NaN|undefined|Infinity/)
})

test('[QL6] the contents of a log are text on the page', () => {
  const name = '<script>alert("1")</script>'
  expect(page([recorded(name, [life({})])])).not.toContain('<script>')
})

test('[QL6] a queue in which nothing happened still has a page', () => {
  expect(page([recorded('nobody', []), recorded('one', [life({ gap: undefined })])])).not.toMatch(/NaN|Infinity/)
})
