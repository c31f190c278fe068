import { type Chart, drawn, escaped } from './charts/chart.ts'
import { gapAgainstWait } from './charts/gap-against-wait.ts'
import { gaps } from './charts/gaps.ts'
import { partySizes } from './charts/party-sizes.ts'
import { predictions } from './charts/predictions.ts'
import type { Played } from './charts/series.ts'
import { tails } from './charts/tails.ts'
import { waits } from './charts/waits.ts'
import { pageStyle } from './style.ts'
import { headlinesOf, type Setting, tableOf } from './table.ts'

export interface Page {
  title: string
  /** What was run, in a line. */
  says: string
  settings: readonly (Setting & Played)[]
}

const charts = [waits, gaps, gapAgainstWait, tails, predictions, partySizes]

/** A page that needs nothing from elsewhere: its charts are drawn, its style is in it, and it runs no script. */
export function pageOf({ title, says, settings }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${pageStyle}</style>
</head>
<body><main>
<h1>${escaped(title)}</h1>
<p class="soft">${escaped(says)}</p>
<p class="legend">${settings.map(({ name }, n) => `<span class="key s${n}">${escaped(name)}</span>`).join('')}</p>
<div class="figures">${headlines(settings)}</div>
<div class="grid-of-cards">${charts.map((chart) => card(chart(settings))).join('\n')}</div>
<div class="card scroll">${table(settings)}</div>
</main></body>
</html>
`
}

const headlines = (settings: readonly Setting[]): string =>
  headlinesOf(settings)
    .map(({ label, cells }) => `<div class="card figure"><p>${escaped(label)}</p>${cells.map(headline).join('')}</div>`)
    .join('')
const headline = (cell: string, n: number): string => `<b class="s${n}">${escaped(cell)}</b>`

const card = (chart: Chart): string =>
  `<section class="card"><h2>${escaped(chart.title)}</h2><p class="soft">${escaped(chart.says)}</p>${drawn(chart)}</section>`

function table(settings: readonly Setting[]): string {
  const head = settings.map(({ name }, n) => `<th class="s${n}">${escaped(name)}</th>`).join('')
  const rows = tableOf(settings).map(({ label, cells }) => {
    const values = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')
    return `<tr><td>${escaped(label)}</td>${values}</tr>`
  })
  return `<table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}
