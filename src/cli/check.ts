import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { type Config, ConfigError } from '../config/config.ts'
import { doubtsOf } from '../config/doubts.ts'
import type { Mode } from '../config/modes.ts'
import { loadConfigOrDefault } from '../settings/config-file.ts'
import { replayAgainst } from './against.ts'

const USAGE = `Checks a config without starting the service: prints each mode with every default, and what is doubtful in it.

  muster check [--config muster.config.ts] [--against ./data]

  --against  a data directory, in use or not: replays its open matches with the rules of the config, and lists those that
             the new rules would break (they would end as aborted) or would have played in another way

Exits with 0 when the config is valid and breaks no match, 1 when not, 2 when the command was not understood.
`

/** A mode with its defaults; of rules only the names of their functions. */
function printed(mode: Mode, regions: readonly string[]): string {
  const { rules, ...settings } = mode
  const shown = { ...settings, ...(rules && { rules: Object.keys(rules).join(', ') }) }
  const doubts = doubtsOf(mode, regions).map((sentence) => `  doubt: ${sentence}`)
  return [`mode ${mode.id}`, inspect(shown, { depth: null, compact: 3, breakLength: 100 }), ...doubts].join('\n')
}

async function check(): Promise<void> {
  const text = { type: 'string' } as const
  const { config: path = process.env.MUSTER_CONFIG, against } = parseArgs({
    options: { config: text, against: text },
  }).values
  const config = await loadConfigOrDefault(path || undefined)
  const own = [...config.modes.values()].map((mode) => printed(mode, config.regions))
  const others = [...config.titles].flatMap(([id, { modes, regions }]) =>
    [...modes.values()].map((mode) => `title ${id}, ${printed(mode, regions)}`),
  )
  console.log([...own, ...others].join('\n\n'))
  if (against !== undefined) await checkAgainst(against, config)
}

async function checkAgainst(directory: string, config: Config): Promise<void> {
  if (!existsSync(join(directory, 'muster.db'))) throw new ConfigError(`--against: no data is stored in ${directory}`)
  const { matches, findings } = await replayAgainst(directory, config)
  for (const { kind, matchId, mode, why } of findings) console.log(`${kind}  ${mode} ${matchId}: ${why}`)
  const broken = findings.filter(({ kind }) => kind === 'breaks').length
  console.log(`${matches} open matches: ${broken} would break, ${findings.length - broken} differ`)
  if (broken > 0) process.exitCode = 1
}

if (process.argv.includes('--help')) console.log(USAGE)
else {
  await check().catch((fault: unknown) => {
    const isUsage = fault instanceof TypeError && 'code' in fault
    console.error(fault instanceof ConfigError || isUsage ? fault.message : fault)
    process.exitCode = isUsage ? 2 : 1
  })
}
