import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { newId, openLog, random, systemClock } from './ambient.ts'
import { ConfigError, loadConfig, readConfig } from './config.ts'
import { readEnv } from './env.ts'
import { startServer } from './server.ts'

// A stop takes as long as the store and the sockets need; past this the supervisor would kill us anyway.
const LONGEST_STOP_MS = 9_000

async function main(): Promise<void> {
  const env = readEnv(process.env)
  const log = openLog(env.LOG_LEVEL)
  const path = resolve(env.MUSTER_CONFIG ?? 'muster.config.ts')
  const isDefaultMissing = env.MUSTER_CONFIG === undefined && !existsSync(path)
  const config = isDefaultMissing ? readConfig({}, 'the shipped config') : await loadConfig(path)
  const server = await startServer({ env, config, clock: systemClock, newId, log, random })

  const stop = (signal: string) => {
    log.info({ signal }, 'asked to stop')
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref()
    server.close().then(
      () => process.exit(0),
      (fault: unknown) => {
        log.error({ err: fault }, 'stop failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((fault: unknown) => {
  console.error(fault instanceof ConfigError ? `Muster cannot start. ${fault.message}` : fault)
  process.exit(1)
})
