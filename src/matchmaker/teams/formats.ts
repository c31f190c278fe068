import type { ModePlan } from '../mode-plan.ts'
import type { Format } from './split.ts'

const known = new WeakMap<ModePlan, readonly Format[]>()

/** What a match of the mode may look like: the full one; short-handed also smaller ones, the largest first. */
export function formatsOf(plan: ModePlan, isShortHanded: boolean): readonly Format[] {
  const all = known.get(plan) ?? everyFormat(plan)
  known.set(plan, all)
  return isShortHanded ? all : all.slice(0, 1)
}

function everyFormat({ teams: most, teamSize: largest, minTeams, minTeamSize }: ModePlan): Format[] {
  const formats: Format[] = []
  for (let teams = minTeams; teams <= most; teams += 1) {
    for (let teamSize = minTeamSize; teamSize <= largest; teamSize += 1) formats.push({ teams, teamSize })
  }
  return formats.sort((a, b) => b.teams * b.teamSize - a.teams * a.teamSize || b.teams - a.teams)
}
