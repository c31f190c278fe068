import type { Axis } from './axis.ts'

export interface Point {
  x: number
  y: number
  /** The tooltip. */
  says?: string
}
export interface Series {
  name: string
  /**
   * The kind of marks: a curve, the outline of a histogram, connected points, or columns beside those of other series.
   */
  as: 'line' | 'steps' | 'dots' | 'columns'
  points: readonly Point[]
}
export interface Chart {
  title: string
  /** How to read it, in a sentence. */
  says: string
  x: Axis
  y: Axis
  series: readonly Series[]
  /** Whether the line on which both axes agree is drawn. */
  hasDiagonal?: boolean
}

const [WIDTH, HEIGHT] = [440, 290]
const INNER = { left: 62, right: 422, top: 14, bottom: 240 }

/** Keeps a text from being read as markup. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The chart as SVG; its colours are the classes `s0`, `s1`, … of the page. */
export function drawn(chart: Chart): string {
  const { x, y, series, title, hasDiagonal } = chart
  const marks = series.map((one, n) => `<g class="s${n}">${marksOf(one, n, chart)}</g>`)
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}" xmlns="http://www.w3.org/2000/svg">`,
    ...y.ticks.map(({ at, label }) => gridline(upTo(y, at), label)),
    ...x.ticks.map(({ at, label }) => text(rightTo(x, at), INNER.bottom + 18, label, 'middle')),
    hasDiagonal ? diagonal(x, y) : '',
    ...marks,
    `<path class="base" d="M${INNER.left} ${INNER.bottom}H${INNER.right}"/>`,
    text((INNER.left + INNER.right) / 2, HEIGHT - 12, x.label, 'middle', 'label'),
    `<text class="label" text-anchor="middle" transform="translate(14 ${(INNER.top + INNER.bottom) / 2}) rotate(-90)">${escaped(y.label)}</text>`,
    '</svg>',
  ].join('')
}

const tenth = (value: number): number => Math.round(value * 10) / 10
const within = (share: number): number => Math.min(1, Math.max(0, share))
const rightTo = ({ max }: Axis, value: number) => tenth(INNER.left + within(value / max) * (INNER.right - INNER.left))
const upTo = ({ max }: Axis, value: number) => tenth(INNER.bottom - within(value / max) * (INNER.bottom - INNER.top))

const text = (x: number, y: number, said: string, anchor: string, kind = 'tick'): string =>
  `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(said)}</text>`
const gridline = (y: number, label: string): string =>
  `<path class="grid" d="M${INNER.left} ${y}H${INNER.right}"/>${text(INNER.left - 8, y + 4, label, 'end')}`

function diagonal(x: Axis, y: Axis): string {
  const end = Math.min(x.max, y.max)
  return `<path class="diagonal" d="M${rightTo(x, 0)} ${upTo(y, 0)}L${rightTo(x, end)} ${upTo(y, end)}"/>`
}

function marksOf({ as, points, name }: Series, n: number, { x, y, series }: Chart): string {
  const known = points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
  const places = known.map((point) => ({ right: rightTo(x, point.x), up: upTo(y, point.y), says: point.says ?? name }))
  if (as === 'columns') return columns(places, n, { of: series.length, band: (INNER.right - INNER.left) / x.max })
  if (as === 'steps') return steps(places)
  const path = `<path class="line" d="${places.map(({ right, up }, at) => `${at ? 'L' : 'M'}${right} ${up}`).join('')}"/>`
  return as === 'line' ? path : path + places.map(dot).join('')
}
type Place = { right: number; up: number; says: string }

const dot = ({ right, up, says }: Place): string =>
  `<circle class="dot" cx="${right}" cy="${up}" r="4.5"><title>${escaped(says)}</title></circle>`

function steps(places: readonly Place[]): string {
  const [first, last] = [places[0], places.at(-1)]
  if (!first || !last) return ''
  const top = places.map(({ right, up }, n) => `${n ? `H${right}` : ''}V${up}`).join('')
  const outline = `M${first.right} ${INNER.bottom}${top}`
  return `<path class="area" d="${outline}V${INNER.bottom}Z"/><path class="line" d="${outline}"/>`
}

function columns(places: readonly Place[], n: number, { of, band }: { of: number; band: number }): string {
  const width = tenth((band * 0.64) / of)
  const left = ({ right }: Place) => tenth(right + (n - of / 2) * width)
  const height = ({ up }: Place) => tenth(INNER.bottom - up)
  return places
    .map(
      (place) =>
        `<rect class="column" x="${left(place)}" y="${place.up}" width="${width - 2}" height="${height(place)}" rx="2"><title>${escaped(place.says)}</title></rect>`,
    )
    .join('')
}
