// The command `muster`: each subcommand is a module that reads its own arguments.
import { version } from '../system/this-package.ts'

const commands: Record<string, { summary: string; load: () => Promise<unknown> }> = {
  start: { summary: 'starts the service', load: () => import('../main.ts') },
  dev: { summary: 'starts it, and again at each change of the config and its imports', load: () => import('./dev.ts') },
  check: { summary: 'prints the modes of a config with every default and doubt', load: () => import('./check.ts') },
  bots: { summary: 'bots that play on a server and check it', load: () => import('../../tools/bots/main.ts') },
  simulate: { summary: 'simulates the queue of a mode', load: () => import('../../tools/lab/simulate.ts') },
  replay: { summary: 'replays a recorded queue with another setting', load: () => import('../../tools/lab/replay.ts') },
  backup: { summary: 'copies all stored state, while the service runs', load: () => import('./backup.ts') },
  restore: { summary: 'puts a backup into an empty directory', load: () => import('./restore.ts') },
}

const usage = `Muster ${version}, a lobby and match room service for multiplayer games.

  muster <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
  .join('\n')}

  muster <command> --help explains the options of a command.`

const [given = '--help', ...rest] = process.argv.slice(2)
const isHelp = ['help', '--help', '-h'].includes(given)
const name = isHelp ? rest[0] : given
const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined

if (given === '--version') console.log(version)
else if (command) {
  process.argv = [...process.argv.slice(0, 2), ...(isHelp ? ['--help'] : rest)]
  await command.load()
} else if (name === undefined) console.log(usage)
else {
  console.error(`muster has no command ${name}. Commands: ${Object.keys(commands).join(', ')}`)
  process.exitCode = 2
}
