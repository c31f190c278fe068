import { chartStyle } from '../style.ts'
import { type Chart, drawn, escaped } from './chart.ts'

const [WIDTH, LEGEND, HEIGHT] = [440, 34, 290]
const LETTER = 7.2

/** The chart as a file of its own, with style and legend. */
export function standalone(chart: Chart): string {
  const { names } = chart.series.reduce(placed, { names: [] as string[], right: 62 })
  return [
    `<svg viewBox="0 0 ${WIDTH} ${LEGEND + HEIGHT}" xmlns="http://www.w3.org/2000/svg">`,
    `<style>${chartStyle} .back{fill:var(--card)}</style>`,
    `<rect class="back" width="${WIDTH}" height="${LEGEND + HEIGHT}" rx="10"/>`,
    ...names,
    drawn(chart).replace('<svg ', `<svg y="${LEGEND}" width="${WIDTH}" height="${HEIGHT}" `),
    '</svg>\n',
  ].join('\n')
}

function placed({ names, right }: { names: string[]; right: number }, { name }: { name: string }, n: number) {
  const said = `<text class="name s${n}" x="${right}" y="24">${escaped(name)}</text>`
  return { names: [...names, said], right: right + name.length * LETTER + 18 }
}
