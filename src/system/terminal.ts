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

/** Where a browser on this machine finds the service. */
export function addressOf(host: string, port: number): string {
  const name = ANYWHERE.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

interface Greeting {
  host: string
  port: number
  hasDemo: boolean
  dataDir: string | undefined
  /** This machine's places in networks, as Node tells them. */
  networks: NodeJS.Dict<NetworkInterfaceInfo[]>
}

/** What somebody who has just started the service at a terminal wants to know. */
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

/** A line of the log for people. */
export function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line)
  const at = new Date(time).toTimeString().slice(0, 8)
  const said = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${[at, LEVELS.get(level) ?? level, msg, ...said].join(' ')}${err?.stack ? `\n${err.stack}` : ''}\n`
}
