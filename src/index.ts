import { type MusterConfig, readConfig } from './config/config.ts'
import type { Log } from './ports.ts'
import { openServer } from './server.ts'
import { readEnv } from './settings/env.ts'
import { checkDirectory } from './settings/paths.ts'
import { useStoredSecret } from './stores/session-secret.ts'
import { machine, openLog } from './system/system.ts'
import { addressOf } from './system/terminal.ts'

export {
  ConfigError,
  defineConfig,
  type GameRules,
  type ModeConfig,
  type MusterConfig,
  type RulesContext,
  shippedModes,
  type TitleConfig,
} from './config/config.ts'

export { rockPaperScissors } from './games/rock-paper-scissors.ts'
export { ticTacToe } from './games/tictactoe.ts'

export interface ServerOptions {
  /** What `muster.config.ts` exports; by default the shipped modes. */
  config?: MusterConfig
  /**
   * Settings by the names of the environment variables, for example `{ PORT: '0', DATA_DIR: './data' }`. The environment
   * itself is not read: pass `process.env` for that.
   */
  settings?: Readonly<Record<string, string | undefined>>
  /** Replaces the log on stdout: a pino logger, for example. */
  log?: Log
}
export interface RunningServer {
  /** The address for clients on this machine. */
  readonly url: string
  /** The port it listens on, also when the setting was 0. */
  readonly port: number
  /** Stores what is stored, disconnects everyone and stops listening. */
  close(): Promise<void>
}

/**
 * Starts Muster in this process and resolves when it accepts players. Rejects with a `ConfigError` that names the setting.
 * Unlike the command `muster start` it neither handles signals nor ends a process whose loop stands still.
 */
export async function startServer({ config = {}, settings = {}, log }: ServerOptions = {}): Promise<RunningServer> {
  const env = readEnv(settings)
  if (env.DATA_DIR) checkDirectory('DATA_DIR', env.DATA_DIR)
  useStoredSecret(env)
  const { port, close } = await openServer({
    ...machine,
    env,
    config: readConfig(config, 'config'),
    log: log ?? openLog(env.LOG_LEVEL, env.LOG_FORMAT === 'text'),
  })
  return { url: addressOf(env.HOST, port), port, close }
}
