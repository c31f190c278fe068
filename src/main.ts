import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError } from './config/config.ts'
import { openServer } from './server.ts'
import { configFiles, loadConfigOrDefault } from './settings/config-file.ts'
import { type Env, readEnv, settings } from './settings/env.ts'
import { misspelt } from './settings/misspelt.ts'
import { checkAppendable, checkDirectory } from './settings/paths.ts'
import { useStoredSecret } from './stores/session-secret.ts'
import { StoreLockedError, StoreUnavailableError } from './stores/sqlite/errors.ts'
import { logStalls, matchesThatStalled } from './stores/stalls.ts'
import { idleClock, machine, openLog } from './system/system.ts'
import { greeting } from './system/terminal.ts'
import { endOnFaults } from './system/uncaught-faults.ts'
import { startWatchdog } from './system/watchdog.ts'

// Ends a stop that hangs, before the supervisor kills the process after 10 s.
const LONGEST_STOP_MS = 9_000

const USAGE = `Starts the service. Each flag can also be set as an environment variable; docs/config.md lists all of them.

  muster start [--config muster.config.ts] [--port 3000] [--host 0.0.0.0] [--data ./data]

  --config  MUSTER_CONFIG  the config: modes, titles, rules
  --port    PORT           the port to listen on
  --host    HOST           the address to listen on
  --data    DATA_DIR       the directory of the stored state; without it all state is in memory
`
const FLAGS = { config: 'MUSTER_CONFIG', port: 'PORT', host: 'HOST', data: 'DATA_DIR' } as const

/** The environment, and over it the flags of the command line. */
function readSettings(): NodeJS.ProcessEnv {
  const text = { type: 'string' } as const
  const options = { config: text, port: text, host: text, data: text, help: { type: 'boolean' } } as const
  try {
    const { help, ...flags } = parseArgs({ options }).values
    if (help) {
      console.log(USAGE)
      process.exit(0)
    }
    const given = Object.entries(flags).map(([flag, value]) => [FLAGS[flag as keyof typeof FLAGS], value])
    return { ...process.env, ...Object.fromEntries(given) }
  } catch (fault) {
    throw new ConfigError(`${(fault as Error).message} muster start --help lists the flags.`)
  }
}

async function start() {
  const env = readEnv(readSettings())
  const log = openLog(env.LOG_LEVEL, env.LOG_FORMAT ? env.LOG_FORMAT === 'text' : process.stdout.isTTY)
  endOnFaults(log)
  if (env.DATA_DIR) checkDirectory('DATA_DIR', env.DATA_DIR)
  const notePath = env.DATA_DIR ? join(env.DATA_DIR, 'stalls') : null
  const watchdog = startWatchdog({ clock: idleClock, notePath })
  // The watchdog also ends a config that loops for ever.
  watchdog.answering('MUSTER_CONFIG')
  const config = await loadConfigOrDefault(env.MUSTER_CONFIG).finally(() => {
    // `muster dev` watches these files, also when the config has a fault.
    process.send?.({ modules: configFiles() })
  })
  for (const wrong of misspelt(Object.keys(process.env), settings)) log.warn(wrong, 'setting is not known, and ignored')
  if (/^prod/i.test(env.NODE_ENV) && env.NODE_ENV !== 'production')
    log.warn({ setting: 'NODE_ENV', meant: 'production' }, 'any other value is taken for development')
  if (env.QUEUE_LOG) checkAppendable('QUEUE_LOG', env.QUEUE_LOG)
  useStoredSecret(env)
  const setAside = notePath ? matchesThatStalled(notePath) : new Map()
  if (notePath) logStalls(notePath, log)
  watchdog.answering('')
  const server = await openServer({
    env,
    config,
    log,
    ...machine,
    ...watchdog,
    setAside,
  })
  greet(env, server.port, config.demo || config.page !== undefined)
  return server
}

/** Greets a user at a terminal. */
function greet({ HOST: host, DATA_DIR: dataDir }: Env, port: number, hasDemo: boolean): void {
  const terminal = [process.stdout, process.stderr].find(({ isTTY }) => isTTY)
  terminal?.write(greeting({ host, port, hasDemo, dataDir, networks: networkInterfaces() }))
}

function fail(fault: unknown): never {
  console.error(isExpected(fault) ? `Muster cannot start. ${inOneLine(fault)}` : fault)
  process.exit(1)
}

/** Reports a config that calls `process.exit(0)`, and makes the exit code 1. */
function endedByConfig(code: number): void {
  if (code !== 0) return
  console.error('Muster cannot start. MUSTER_CONFIG: the config has ended the process')
  process.exitCode = 1
}

const isExpected = (fault: unknown): fault is Error =>
  [ConfigError, StoreLockedError, StoreUnavailableError].some((kind) => fault instanceof kind)

function inOneLine(fault: Error): string {
  const setting = fault instanceof ConfigError ? '' : 'DATA_DIR: '
  return setting + fault.message.replaceAll(/\s*\n\s*/g, ' ')
}

async function main(): Promise<void> {
  const starting = start()
  // If the config awaits a promise that never settles, Node would exit with code 0.
  const hang = () => fail(new ConfigError('MUSTER_CONFIG: the config waits for something that never comes'))
  process.once('beforeExit', hang)
  process.once('exit', endedByConfig)
  const stop = async () => {
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref()
    const server = await starting
    await server.close()
    process.exit(0)
  }
  // Before the start is complete: process 1 of a container ignores signals without a handler.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop().catch(fail))
  await starting
  process.off('beforeExit', hang)
  process.off('exit', endedByConfig)
}

main().catch(fail)
