import { openWire, type Wire } from './wire.ts'

export interface Player {
  wire: Wire
  /** Number of the room, counted by the driver; -1 for those left over when the last room did not fill. */
  room: number
  seat: number
}

const AT_ONCE = 50
const MATCHED_WITHIN_MS = 30_000

/** Connects everyone and takes them the ordinary way from the lobby into full rooms of `size`. */
export async function seatPlayers(url: string, connections: number, size: number): Promise<Player[]> {
  const toSeat = connections - (connections % size)
  const arrivals: Arrival[] = []
  for (let first = 0; first < connections; first += AT_ONCE) {
    const many = Math.min(AT_ONCE, connections - first)
    arrivals.push(...(await Promise.all(Array.from({ length: many }, () => arrive(url)))))
  }
  const rooms = new Map<string, number>()
  const roomOf = (matchId: string) => rooms.get(matchId) ?? rooms.set(matchId, rooms.size).size - 1
  const enter = async (arrival: Arrival, place: number): Promise<Player> => {
    if (place >= toSeat) return idle(arrival)
    const { matchId, seat } = await enterMatch(arrival, `bench${size}`)
    return { wire: arrival.wire, room: roomOf(matchId), seat }
  }
  return await Promise.all(arrivals.map(enter))
}

interface Arrival {
  wire: Wire
  token: string
}

async function arrive(url: string): Promise<Arrival> {
  const wire = await openWire(url)
  const session = wire.next<{ token: string }>('/lobby', 'session')
  await wire.connect('/lobby')
  return { wire, token: (await session).token }
}

async function enterMatch({ wire, token }: Arrival, mode: string) {
  const found = wire.next<{ matchId: string }>('/lobby', 'match:found')
  await wire.ask('/lobby', 'queue:join', { mode })
  const { matchId } = await inTime(found, `nobody was matched in ${mode} within ${MATCHED_WITHIN_MS / 1_000} s`)
  await wire.connect('/match', { token })
  const { you } = await wire.ask<{ you: { seat: number } }>('/match', 'match:join', { matchId })
  return { matchId, seat: you.seat }
}

async function idle({ wire, token }: Arrival): Promise<Player> {
  await wire.connect('/match', { token })
  return { wire, room: -1, seat: -1 }
}

/** Rejects with the message when it takes too long: a bench that hangs says nothing. */
async function inTime<T>(promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), MATCHED_WITHIN_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
