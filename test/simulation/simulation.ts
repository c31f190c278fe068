import type { Count } from './count.ts'
import { checkEnding, checkPresence } from './ending.ts'
import type { Player } from './player.ts'
import type { Violation } from './violations.ts'
import { createWorld, type Options } from './world.ts'

export interface Outcome {
  seed: number
  violation: Violation | null
  count: Count
}
// A match that is still running after this never ends.
const LONGEST_REST_MS = 600_000
// Longer than the start of a process plus storing a drop at the second try.
const PRESENCE_SETTLES_MS = 3_000

/** Runs one small world to its end: a few players, a few matches, failing processes. The seed decides everything. */
export async function simulate(options: Options): Promise<Outcome> {
  const world = createWorld(options)
  const { chance, riskiness, timeline, life, count, fail, first, faults, players } = world

  async function step(): Promise<boolean> {
    count.steps += 1
    return first() === null && (await timeline.step())
  }
  async function play(): Promise<void> {
    let thoughts = chance.between(30, 110)
    const live = (player: Player) => {
      thoughts -= 1
      if (chance.is(riskiness)) faults.strike()
      player.think()
      timeline.in(chance.between(10, chance.is(0.08) ? 8_000 : 500), () => live(player), life)
    }
    timeline.in(0, faults.boot, life)
    for (const player of players) timeline.in(chance.between(10, 500), () => live(player), life)
    while (thoughts > 0 && (await step()));
  }
  /** Players stop acting; in half of the worlds they all leave. */
  async function rest(): Promise<void> {
    life.state = 'dead'
    faults.cease()
    faults.current()?.lobby.queue.drain()
    if (chance.is(0.5)) for (const player of players) player.goAway()
    world.trace(() => 'everything is left alone')
    await goOn(PRESENCE_SETTLES_MS)
    const settled = faults.open()
    if (settled) checkPresence(settled, world)
    await goOn(LONGEST_REST_MS)
  }
  async function goOn(ms: number): Promise<void> {
    const until = timeline.now() + ms
    while (timeline.pending > 0 && timeline.now() < until && (await step()));
  }
  await play()
  await rest()
  const service = faults.open()
  if (service) checkEnding(service, world)
  else fail('[ST1] a process comes up', 'there is none')
  world.answers.finish()
  return { seed: options.seed, violation: first(), count }
}
