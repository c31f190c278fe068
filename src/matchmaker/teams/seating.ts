import type { Candidate } from './exchange.ts'
import type { Format } from './split.ts'

/** The condition of a team besides its size: its roles. */
export interface Admission {
  /** Adds the ticket if the team accepts it; `room` is the number of seats left after it. */
  admit(one: Candidate, room: number): boolean
}
interface SeatingPlan {
  format: Format
  /** For each number of seats, whether parties of the sizes at hand can fill them. */
  canFill: readonly boolean[]
  /** Null if only the size matters. */
  admissionOf: (() => Admission) | null
}

/**
 * Teams that fill up ticket by ticket. The time for one ticket depends on the formats of teams, not on the tickets
 * already seated.
 */
export class Seating {
  readonly teams: Candidate[][]
  free: number
  /** The teams by their number of free seats. */
  readonly #byRoom: number[][]
  /** The numbers of free seats that occur, in ascending order; they are few. */
  readonly #rooms: number[]
  readonly #canFill: readonly boolean[]
  readonly #admissions: Admission[] | null

  constructor({ format: { teams, teamSize }, canFill, admissionOf }: SeatingPlan) {
    this.teams = Array.from({ length: teams }, () => [])
    this.free = teams * teamSize
    this.#byRoom = Array.from({ length: teamSize + 1 }, () => [])
    this.#byRoom[teamSize] = [...this.teams.keys()].reverse()
    this.#rooms = [teamSize]
    this.#canFill = canFill
    this.#admissions = admissionOf && this.teams.map(admissionOf)
  }

  /** Seats the ticket in the fullest team with room for it, unless the rest of that team could not be filled. */
  seat(one: Candidate): boolean {
    for (const room of this.#rooms) {
      if (room < one.size || !this.#canFill[room - one.size]) continue
      const teams = this.#byRoom[room] as number[]
      const at = this.#admissions ? this.#admitting(teams, one, room - one.size) : teams.length - 1
      if (at < 0) continue
      const team = teams.splice(at, 1)[0] as number
      this.teams[team]?.push(one)
      this.#byRoom[room - one.size]?.push(team)
      this.free -= one.size
      this.#noteRooms(room, room - one.size)
      return true
    }
    return false
  }

  #noteRooms(before: number, after: number): void {
    if (this.#byRoom[before]?.length === 0) this.#rooms.splice(this.#rooms.indexOf(before), 1)
    if (this.#byRoom[after]?.length !== 1) return
    const at = this.#rooms.findIndex((room) => room > after)
    this.#rooms.splice(at < 0 ? this.#rooms.length : at, 0, after)
  }

  #admitting(teams: readonly number[], one: Candidate, room: number): number {
    return teams.findLastIndex((team) => this.#admissions?.[team]?.admit(one, room))
  }
}

/** For each number of seats up to `most`, whether parties of these sizes can fill them. */
export function fillable(most: number, sizes: readonly number[]): boolean[] {
  const can = [true]
  for (let room = 1; room <= most; room += 1) can.push(sizes.some((size) => size <= room && can[room - size] === true))
  return can
}
