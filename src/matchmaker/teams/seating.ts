import type { Candidate } from './exchange.ts'
import type { Format } from './split.ts'

/** What a team admits beyond its size: its roles. */
export interface Admission {
  /** Takes the ticket in if it may, `room` seats being left then. */
  admit(one: Candidate, room: number): boolean
}
interface SeatingPlan {
  format: Format
  /** For each number of seats whether it can be filled by the sizes at hand. */
  canFill: readonly boolean[]
  /** Without it, size is all there is to it. */
  admissionOf: (() => Admission) | null
}

/**
 * Teams that fill up ticket by ticket. The time for one ticket depends on the formats of teams, not on the tickets
 * already seated.
 */
export class Seating {
  readonly teams: Candidate[][]
  free: number
  /** For each number of free seats the teams that have so many. */
  readonly #byRoom: number[][]
  /** Those numbers of which there are teams, the smallest first: they are few. */
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

  /** Seats the ticket in the fullest team with room, unless the rest of that team could not be filled. */
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
