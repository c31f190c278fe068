import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { readConfig } from '../../src/config/config.ts'
import { toMatchmaker } from '../../src/lobby/queue/matching/to-matchmaker.ts'
import type { MatchmakerMode } from '../../src/matchmaker/api.ts'
import { loadConfig } from '../../src/settings/config-file.ts'
import { type Common, UsageError } from './options.ts'

/** The mode that was asked for: of the config, of the shipped ones, or of the given shape. */
export async function modeOf({ mode: id, teams, config }: Common): Promise<MatchmakerMode> {
  if (teams) return { id, teams: teams.count, teamSize: teams.size }
  const { modes } = config === null ? readConfig({}, 'the shipped modes') : await loadConfig(config)
  const mode = modes.get(id)
  if (mode) return toMatchmaker(mode)
  throw new UsageError(`there is no mode ${id} but ${[...modes.keys()].join(', ')}; --teams 2x5 gives its shape`)
}

/** Writes a file, and creates its folders. */
export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Runs a command; a usage error is printed in a line, with the usage. */
export async function command(usage: string, run: (args: string[]) => Promise<void>): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return console.log(usage)
  try {
    await run(args)
  } catch (fault) {
    if (!(fault instanceof UsageError)) throw fault
    console.error(`${fault.message}\n\n${usage}`)
    process.exitCode = 2
  }
}
