import { type ChildProcess, spawn } from 'node:child_process'
import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleUrl } from '../system/this-package.ts'

const USAGE = `Starts the service with readable logs, and again whenever the config or a module that it imports changes. The page at
the address that it prints is the demo, which plays the shipped modes, or the page of the config.

  muster dev [the options of muster start]
`
// Editors write a file in several steps.
const SETTLE_MS = 100
const main = fileURLToPath(moduleUrl('../main', import.meta.url))

// Node's own --watch also restarts for changes in directories above the project.
function run(args: readonly string[]): void {
  const env = { ...process.env, LOG_FORMAT: process.env.LOG_FORMAT || 'text' }
  let service: ChildProcess
  let isStopping = false
  let isRestarting = false
  let timer: NodeJS.Timeout | undefined
  const watched = watchFiles((file) => {
    clearTimeout(timer)
    timer = setTimeout(() => restart(file), SETTLE_MS)
  })

  function start(): void {
    service = spawn(process.execPath, [main, ...args], { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
    service.on('message', (message) => watched.add((message as { modules: string[] }).modules))
    service.once('exit', (code) => {
      if (isStopping) process.exit(code ?? 0)
      if (isRestarting) start()
      else console.log('The service has ended. It starts again after a change.')
      isRestarting = false
    })
  }
  const hasEnded = () => service.exitCode !== null || service.signalCode !== null

  function restart(file: string): void {
    console.log(`${basename(file)} has changed: the service starts again.`)
    if (hasEnded()) return start()
    isRestarting = true
    service.kill('SIGTERM')
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      isStopping = true
      if (hasEnded() || !service.kill(signal)) process.exit(0)
    })
  start()
}

/** Calls the function with each added file that changes. Directories are watched: editors replace files. */
function watchFiles(changed: (file: string) => void) {
  const files = new Set<string>()
  const directories = new Map<string, FSWatcher>()
  const look = (directory: string) =>
    watch(directory, (_event, name) => {
      const file = name === null ? '' : resolve(directory, name)
      if (files.has(file)) changed(file)
    })
  return {
    add(paths: readonly string[]): void {
      for (const path of paths) {
        files.add(path)
        const directory = dirname(path)
        if (!directories.has(directory)) directories.set(directory, look(directory))
      }
    },
  }
}

const args = process.argv.slice(2)
if (args.includes('--help')) console.log(USAGE)
else run(args)
