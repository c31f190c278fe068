import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Current counts, read at each scrape. */
export interface Gauges {
  connections: () => number
  titles: () => number
  players: () => number
  tickets: () => number
  lobbies: () => number
  parties: () => number
  matches: () => number
  rooms: () => number
}
export type Metrics = ReturnType<typeof createMetrics>

const HELP: Record<keyof Gauges, string> = {
  connections: 'Open connections',
  titles: 'Titles that are open, beside the service’s own',
  players: 'Players connected to a lobby',
  tickets: 'Players in the queue',
  lobbies: 'Custom lobbies',
  parties: 'Parties',
  matches: 'Matches that are not closed',
  rooms: 'Match rooms with at least one socket',
}

export function createMetrics(gauges: Gauges) {
  const register = new Registry()
  collectDefaultMetrics({ register })
  for (const [name, read] of Object.entries(gauges)) {
    new Gauge({
      name: `muster_${name}`,
      help: HELP[name as keyof Gauges],
      registers: [register],
      collect() {
        this.set(read())
      },
    })
  }
  return { contentType: register.contentType, render: () => register.metrics() }
}
