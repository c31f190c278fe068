import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { moduleUrl } from '../system/this-package.ts'

const USAGE = `Starts the service with readable logs, and again whenever the config or a module that it imports changes. The demo
page, at the address that it prints, plays the shipped modes.

  muster dev [the options of muster start]
`
const main = fileURLToPath(moduleUrl('../main', import.meta.url))

function run(args: readonly string[]): void {
  const env = { ...process.env, LOG_FORMAT: process.env.LOG_FORMAT || 'text' }
  const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', main, ...args], {
    env,
    stdio: 'inherit',
  })
  // The signals of a terminal reach the child by themselves; those of a supervisor do not.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => process.exit(code ?? 0))
}

const args = process.argv.slice(2)
if (args.includes('--help')) console.log(USAGE)
else run(args)
