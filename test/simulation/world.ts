import { chanceOf } from './chance.ts'
import { createAnswerChecks } from './check-answers.ts'
import { createTellChecks } from './check-tells.ts'
import { createWriteChecks } from './check-writes.ts'
import { newCount } from './count.ts'
import { Disk } from './disk.ts'
import { createFaults, type Faults } from './faults.ts'
import { simulatedModes } from './modes.ts'
import { createNetwork } from './network.ts'
import type { Sabotage, SimulationParts } from './parts.ts'
import { createPlayer, type Player } from './player.ts'
import { type Life, newLife, Timeline } from './timeline.ts'
import { shortened, type Trace } from './trace.ts'
import { newVerdict } from './violations.ts'

export interface Options {
  seed: number
  sabotage?: Sabotage
  /** Hears the events, line by line. */
  hear?: (line: string) => void
}
// Faults in the field happened just after an important event.
const TEMPTATION: Record<string, number> = { 'rematch.agreed': 0.3, 'result.final': 0.2, action: 0.05 }

/** Composes a small world: players, a network, a disk, failing processes, and checks at every boundary. */
export function createWorld({ seed, sabotage = {}, hear }: Options) {
  const chance = chanceOf(seed)
  const timeline = new Timeline()
  const life = newLife()
  const count = newCount()
  const { fail, first } = newVerdict()
  const start = timeline.now()
  const riskiness = chance.pick([0, 0.03, 0.06])
  const trace: Trace = (line) => hear?.(`${String(timeline.now() - start).padStart(7)} ${line()}`)

  const writes = createWriteChecks({
    fail,
    isConnected: (matchId, playerId) => faults.current()?.gateway.isConnected(matchId, playerId) ?? false,
    outageMs: () => faults.outageMs(),
  })
  const { archives } = writes
  const answers = createAnswerChecks({ fail, archives, count })
  const fencedFrom = new Map<Life, Set<string>>()
  const disk = new Disk({
    timeline,
    chance,
    isWithoutFencing: sabotage.isWithoutFencing ?? false,
    isCarelessWithRatings: sabotage.isCarelessWithRatings ?? false,
    written(write, by) {
      const { matchId, epoch, snapshot, texts, after } = write
      if (after === 0) count.matches += 1
      trace(() => `  ${matchId} e${epoch} ${after}+ ${snapshot.state}: ${texts.map(shortened).join(' ')}`)
      writes.written(write, by.clockOffsetMs)
      // A process that may write it again, with a newer epoch, is its owner again.
      fencedFrom.get(by)?.delete(matchId)
      for (const { type } of write.lines) faults.tempt(riskiness === 0 ? 0 : (TEMPTATION[type] ?? 0))
    },
    fenced(matchId, by) {
      trace(() => `  ${matchId}: a write was refused`)
      fencedFrom.get(by)?.add(matchId)
    },
    damaged: writes.damaged,
    crash: (of) => faults.crash(of),
    isSuperseded: (life) => faults.isSuperseded(life),
  })
  const numbers = { match: 0, connection: 0, command: 0 }
  const parts: SimulationParts = {
    timeline,
    chance,
    disk,
    modes: sabotage.modes ?? simulatedModes,
    archives,
    fail,
    isSuperseded: (life) => faults.isSuperseded(life),
    sabotage,
    trace,
    newId: () => `m${++numbers.match}`,
    newConnectionNumber: () => ++numbers.connection,
    tellChecks(life, fenced) {
      fencedFrom.set(life, fenced)
      const isUnreadable = () => disk.isUnreadable
      const isFormer = () => faults.isSuperseded(life)
      return createTellChecks({ fail, archives, fencedFrom: fenced, isFormer, isUnreadable, count })
    },
  }
  const faults: Faults = createFaults({
    simulation: parts,
    world: life,
    count,
    stalled({ life: of, lobby }, ms) {
      writes.stalled(timeline.now() + of.clockOffsetMs, ms)
      lobby.stalled(ms)
    },
  })
  const { say } = createNetwork({
    timeline,
    chance,
    trace,
    answers,
    world: life,
    isFormer: faults.isSuperseded,
    hears: (playerId, command, answer) => players.find(({ id }) => id === playerId)?.hears(command, answer),
  })
  // Few modes at a time, so that players meet.
  const favourites = chance.shuffled([...parts.modes.keys()]).slice(0, chance.between(1, 2))
  const players: Player[] = Array.from({ length: chance.between(2, 5) }, (_, n) =>
    createPlayer({
      id: `p${n}`,
      chance,
      modes: favourites,
      now: timeline.now,
      nextUid: () => ++numbers.command,
      later: (ms, { life }, run) => void timeline.in(ms, run, life),
      open: faults.open,
      say,
      // The end of a connection is read in order with its messages.
      hangUp({ service, connection }) {
        if (service.life.state !== 'stalled') return service.disconnect(connection)
        timeline.in(0, () => service.disconnect(connection), service.life)
      },
      look: (matchId) => archives.get(matchId)?.snapshot,
      someMatch: () => (disk.records.size > 0 ? chance.pick([...disk.records.keys()]) : undefined),
    }),
  )

  return { chance, riskiness, timeline, life, count, fail, first, trace, disk, archives, answers, faults, players }
}
