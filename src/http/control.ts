import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { isSameSecret } from '../gateway/auth/secrets.ts'
import type { Log } from '../ports.ts'

const MOST_BYTES = 8_192

/** How a command on this machine reaches the service; stored in the data directory, readable by the service's user. */
export interface ControlNote {
  port: number
  token: string
}
export const controlPath = (directory: string): string => join(directory, 'control')

interface ControlParts {
  directory: string
  /** Copies everything that is stored into an existing, empty directory. */
  backUp: (target: string) => Promise<void>
  log: Log
}

/** Serves commands on loopback to users who can read the data directory. Returns a function that stops it. */
export async function openControl({ directory, backUp, log }: ControlParts): Promise<() => Promise<void>> {
  const token = randomBytes(32).toString('base64url')
  const path = controlPath(directory)
  const server = createServer((req, res) => void answer(req, res))
  // A command is one line.
  server.requestTimeout = 10_000

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const say = (status: number, text: string) => res.writeHead(status, { connection: 'close' }).end(text)
    if (!isSameSecret(req.headers.authorization ?? '', `Bearer ${token}`)) return void say(401, 'wrong token')
    if (req.method !== 'POST' || req.url !== '/backup') return void say(404, 'unknown command')
    try {
      const target = await textOf(req)
      await backUp(target)
      log.info({ target }, 'backup was written')
      say(200, 'done')
    } catch (err) {
      log.error({ err }, 'backup could not be written')
      say(500, (err as Error).message)
    }
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const note: ControlNote = { port: (server.address() as AddressInfo).port, token }
  // Written atomically, and private from the start.
  writeFileSync(`${path}.new`, JSON.stringify(note), { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return async () => {
    rmSync(path, { force: true })
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

async function textOf(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req) {
    text += chunk
    if (text.length > MOST_BYTES) throw new Error('the command is too long')
  }
  return text
}
