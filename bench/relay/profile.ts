import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  startTime: number
  samples: number[]
  timeDeltas: number[]
}

export interface Hotspot {
  where: string
  /** Share of the busy time within the window. */
  share: number
}

/** The functions with the most time of their own within the window, busiest first. */
export function hotspots(dir: string, [from, to]: [number, number], many = 10): Hotspot[] {
  const profile = busiest(dir)
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const micros = new Map<string, number>()
  let at = profile.startTime
  profile.samples.forEach((id, i) => {
    const delta = profile.timeDeltas[i] ?? 0
    at += delta
    const where = names.get(id) ?? '?'
    if (at >= from && at <= to && where !== '(idle)') micros.set(where, (micros.get(where) ?? 0) + delta)
  })
  const busy = [...micros.values()].reduce((sum, each) => sum + each, 0)
  const ranked = [...micros].toSorted((a, b) => b[1] - a[1]).slice(0, many)
  return ranked.map(([where, spent]) => ({ where, share: spent / busy }))
}

// Each worker thread writes a profile; that of the server has the most functions.
function busiest(dir: string): Profile {
  const profiles = readdirSync(dir).map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Profile)
  const [first] = profiles.toSorted((a, b) => b.nodes.length - a.nodes.length)
  if (!first) throw new Error(`the server left no profile in ${dir}`)
  return first
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']) {
  const file = url.split('/').slice(-2).join('/')
  const name = functionName || (url ? '(anonymous)' : '(native)')
  return file ? `${name} ${file}:${lineNumber + 1}` : name
}
