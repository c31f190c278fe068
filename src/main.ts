import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { elapsed, newId, openLog, random, systemClock, wallNow } from './ambient.ts'
import { ConfigError, loadConfig, readConfig } from './config.ts'
import { readEnv } from './env.ts'
import { endOnFaults } from './last-resort.ts'
import { startServer } from './server.ts'
import { sessionSecretIn } from './stores/session-secret.ts'
import { StoreLockedError, StoreUnavailableError } from './stores/sqlite-errors.ts'
import { matchesThatStalled, tellStalls } from './stores/stalls.ts'
import { startWatchdog } from './watchdog.ts'

// A stop takes as long as the store and the sockets need; past this the supervisor would kill us anyway.
const LONGEST_STOP_MS = 9_000

async function start() {
  const env = readEnv(process.env)
  const log = openLog(env.LOG_LEVEL)
  endOnFaults(log)
  const path = resolve(env.MUSTER_CONFIG ?? 'muster.config.ts')
  const isDefaultMissing = env.MUSTER_CONFIG === undefined && !existsSync(path)
  const config = isDefaultMissing ? readConfig({}, 'the shipped config') : await loadConfig(path)
  if (env.DATA_DIR && env.isSessionSecretMadeUp) {
    env.SESSION_SECRET = sessionSecretIn(env.DATA_DIR)
    env.isSessionSecretMadeUp = false
  }
  const notePath = env.DATA_DIR ? join(env.DATA_DIR, 'stalls') : null
  const setAside = notePath ? matchesThatStalled(notePath) : new Map()
  if (notePath) tellStalls(notePath, log)
  const watchdog = startWatchdog({ clock: systemClock, notePath })
  return startServer({ env, config, clock: systemClock, wallNow, newId, log, random, elapsed, ...watchdog, setAside })
}

function fail(fault: unknown): never {
  const isExpected = [ConfigError, StoreLockedError, StoreUnavailableError].some((kind) => fault instanceof kind)
  console.error(isExpected ? `Muster cannot start. ${(fault as Error).message}` : fault)
  process.exit(1)
}

async function main(): Promise<void> {
  const starting = start()
  const stop = async () => {
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref()
    const server = await starting
    await server.close()
    process.exit(0)
  }
  // At once, since process 1 of a container is deaf to a signal that it has no handler for.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop().catch(fail))
  await starting
}

main().catch(fail)
