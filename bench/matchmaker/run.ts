import { measureBursts } from './burst.ts'
import { measureCrowd } from './crowd.ts'
import { measureDuels } from './duels.ts'
import { measureLarge } from './large.ts'
import { measureMemory } from './memory.ts'
import { measureNever } from './never.ts'
import { measureSquads } from './squads.ts'
import { measureSteady } from './steady.ts'
import { type Row, type SubjectName, subjects } from './subject.ts'

export const figures = ['duels', 'squads', 'burst', 'steady', 'never', 'memory', 'crowd', 'large'] as const
export interface Plan {
  figure: (typeof figures)[number]
  subject: SubjectName
  pointsPerSecond: number
  seeds: number
  minutes: number
  tickets: number
}

function measure(plan: Plan): Row[] {
  const make = subjects[plan.subject]
  const by = {
    duels: () => measureDuels(make, plan),
    squads: () => measureSquads(make, plan),
    burst: () => measureBursts(make, plan.tickets),
    steady: () => measureSteady(make, plan.tickets),
    never: () => measureNever(make, plan.tickets),
    memory: () => measureMemory(make, plan.tickets),
    crowd: () => measureCrowd(make),
    large: () => measureLarge(make, plan.tickets),
  }
  return by[plan.figure]()
}

// Each figure is measured in a process of its own: the heap of one would count as another's.
const [asked] = process.argv.slice(2)
if (process.send && asked) process.send(measure(JSON.parse(asked) as Plan))
