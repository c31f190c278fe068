import type { NetworkInterfaceInfo } from 'node:os'

const ANYWHERE = ['0.0.0.0', '::', '']
const LEVELS = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'WARN'],
  [50, 'ERROR'],
  [60, 'FATAL'],
])

/** The URL of the service for a browser on this machine. */
export function addressOf(host: string, port: number): string {
  const name = ANYWHERE.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

interface Greeting {
  host: string
  port: number
  hasDemo: boolean
  dataDir: string | undefined
  /** As `os.networkInterfaces()` returns them. */
  networks: NodeJS.Dict<NetworkInterfaceInfo[]>
}

/** The text for a user who starts the service in a terminal. */
export function greeting({ host, port, hasDemo, dataDir, networks }: Greeting): string {
  const lan = ANYWHERE.includes(host) ? lanOf(networks) : undefined
  const lines = [
    `Muster listens on ${addressOf(host, port)}`,
    hasDemo ? 'Open it in two tabs to play against yourself.' : 'Connect a Socket.IO client to /lobby there.',
    lan && `Others in your network come by ${addressOf(lan, port)}`,
    dataDir
      ? `Matches are kept in ${dataDir}.`
      : 'Matches are kept in memory: start with DATA_DIR=./data to have them outlive the process.',
    'Ctrl+C stops it.',
  ]
  return `\n  ${lines.filter(Boolean).join('\n  ')}\n\n`
}

const lanOf = (networks: Greeting['networks']): string | undefined =>
  Object.values(networks)
    .flatMap((one) => one ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

/** A log line in readable form. */
export function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line)
  const at = new Date(time).toTimeString().slice(0, 8)
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${[at, LEVELS.get(level) ?? level, msg, ...pairs].join(' ')}${err?.stack ? `\n${err.stack}` : ''}\n`
}
