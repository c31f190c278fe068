import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { figures, type Plan } from './matchmaker/run.ts'
import type { Row, SubjectName } from './matchmaker/subject.ts'

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: figures.join(',') },
    // Also the widening window that most games have: `--subjects muster,window`, for duels and squads.
    subjects: { type: 'string', default: 'muster' },
    'points-per-second': { type: 'string', default: '3' },
    seeds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '30' },
    // The number of tickets in bursts, in a full queue, and of those that never match.
    tickets: { type: 'string', default: '1000000' },
    // Everything once, in seconds: whether it works, not how fast.
    smoke: { type: 'boolean', default: false },
  },
})
if (asked.smoke)
  Object.assign(asked, {
    seeds: '1',
    minutes: '5',
    tickets: '2000',
    only: figures.filter((one) => one !== 'duels' && one !== 'squads').join(','),
  })
const subjects = asked.subjects.split(',') as SubjectName[]
const chosen = figures.filter((figure) => asked.only.split(',').includes(figure))

/** Runs a figure in a process of its own. */
function measure(plan: Plan): Promise<Row[]> {
  const run = fileURLToPath(new URL('matchmaker/run.ts', import.meta.url))
  const execArgv = ['--expose-gc', '--max-old-space-size=6000']
  return new Promise((resolve, reject) => {
    let rows: Row[] | null = null
    const child = fork(run, [JSON.stringify(plan)], { execArgv })
    child.on('message', (message) => {
      rows = message as Row[]
    })
    child.on('exit', (code) =>
      rows ? resolve(rows) : reject(new Error(`${plan.figure} ended without figures, ${code}`)),
    )
  })
}

function line({ figure, target = '', measured, isMet, more = '' }: Row): string {
  const verdict = isMet === undefined ? '' : isMet ? 'met' : 'missed'
  return `${figure.padEnd(60)}${target.padStart(14)}${measured.padStart(14)}  ${verdict.padEnd(7)} ${more}`.trimEnd()
}

const { seeds, minutes, tickets } = asked
const sizes = { seeds: Number(seeds), minutes: Number(minutes), tickets: Number(tickets) }
const pointsPerSecond = Number(asked['points-per-second'])
for (const subject of subjects) {
  console.log(`
${line({ figure: subject, target: 'target', measured: 'measured' })}`)
  for (const figure of chosen)
    for (const row of await measure({ ...sizes, pointsPerSecond, figure, subject })) console.log(line(row))
}
