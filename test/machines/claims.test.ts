import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModeConfig } from '../../src/config/modes.ts'
import { nextDeadline } from '../../src/machines/match/deadlines.ts'
import type { MachineEvent } from '../../src/machines/match/machine-events.ts'
import { type MatchSnapshot, openMatch, stepMatch } from '../../src/machines/match/match-step.ts'
import type { MatchFact } from '../../src/protocol/match-view.ts'
import { opening, playerId } from '../support/openings.ts'

type Untimed<H> = H extends unknown ? Omit<H, 'at'> : never
type UntimedEvent = Untimed<MachineEvent>

const annWon = { placements: [[0], [1]] }
const bobWon = { placements: [[1], [0]] }
const claims = (seat: number, claim = annWon): UntimedEvent => ({ type: 'result.claimed', seat, claim })
const drops = (name: string): UntimedEvent => ({ type: 'player.dropped', playerId: playerId(name) })
const returns = (name: string): UntimedEvent => ({ type: 'player.joined', playerId: playerId(name) })
const quits = (name: string): UntimedEvent => ({ type: 'player.quit', playerId: playerId(name) })

/** Unrated and without a countdown: 10 s for claims, 30 s of grace. */
const plain: Partial<ModeConfig> = { countdownMs: 0, settleMs: 10_000, graceMs: 30_000 }

/** A match in play, to which things happen at their seconds; what time brings about happens in between. */
function played(
  change: Partial<ModeConfig>,
  story: [second: number, event: UntimedEvent | null][],
  names = ['ann', 'bob'],
) {
  let snapshot: MatchSnapshot = openMatch(opening('m1', names, { ...plain, ...change })).snapshot
  const facts: MatchFact[] = []
  const step = (event: MachineEvent) => {
    const next = stepMatch(snapshot, event)
    snapshot = next.snapshot
    facts.push(...next.facts)
  }
  for (const name of names) step({ type: 'player.joined', playerId: playerId(name), at: 0 })
  for (const [second, event] of story) {
    for (let due = nextDeadline(snapshot.state, snapshot.context); due !== null && due <= second * 1_000; ) {
      step({ type: 'deadline.passed', heard: {}, at: due })
      due = nextDeadline(snapshot.state, snapshot.context)
    }
    if (event) step({ ...event, at: second * 1_000 } as MachineEvent)
  }
  return { snapshot, facts, result: snapshot.context.result, deadline: snapshot.context.deadline }
}

describe('[RE20] a claim is final only when everyone with a seat agrees', () => {
  const waits: [string, [number, UntimedEvent][]][] = [
    [
      'whose line has dropped before the claim',
      [
        [1, drops('bob')],
        [1, claims(0)],
      ],
    ],
    [
      'whose line drops after the claim',
      [
        [1, claims(0)],
        [1, drops('bob')],
      ],
    ],
    [
      'who is back and silent',
      [
        [1, drops('bob')],
        [1, claims(0)],
        [2, returns('bob')],
      ],
    ],
    [
      'who dropped in a restart',
      [
        [1, claims(0)],
        [2, { type: 'service.restored', outageMs: 0, jumpMs: 0 } as UntimedEvent],
        [3, returns('ann')],
      ],
    ],
  ]
  test.each(waits)('it waits for a player %s', (_, story) => {
    expect(played({}, story)).toMatchObject({ snapshot: { state: 'settling' }, result: null })
  })

  test('it is final when they have said so, away or not', () => {
    expect(
      played({}, [
        [1, claims(1)],
        [2, drops('bob')],
        [3, claims(0)],
      ]).result,
    ).toMatchObject(annWon)
  })

  test('it is final when the other one stays away for the whole grace', () => {
    const story: [number, UntimedEvent | null][] = [
      [1, claims(0)],
      [2, drops('bob')],
      [31.9, null],
    ]
    expect(played({}, story).result).toBeNull()
    expect(played({}, [...story, [32, null]]).result).toMatchObject(annWon)
  })

  test('it is final for the last player, whatever the players who left claimed', () => {
    expect(
      played({}, [
        [1, claims(1, bobWon)],
        [2, quits('bob')],
        [3, claims(0)],
      ]).result,
    ).toMatchObject(annWon)
    expect(
      played({}, [
        [1, claims(1, bobWon)],
        [2, quits('bob')],
        [3, claims(0)],
      ]).result?.disputed,
    ).toBeUndefined()
  })

  test('a late joiner who has not come yet has no vote', () => {
    const late = {
      type: 'seat.offered',
      player: { playerId: playerId('cat'), name: 'cat', queuedAt: 0 },
    } as UntimedEvent
    const change = { teams: undefined, players: { min: 2, max: 4 }, lateJoin: true }
    expect(
      played(change, [
        [1, late],
        [2, claims(0)],
        [2, claims(1)],
      ]).result,
    ).toMatchObject({
      placements: [[0], [1], [2]],
    })
  })

  test('teammates who are away count too', () => {
    const claim = {
      placements: [
        [0, 2],
        [1, 3],
      ],
    }
    const change = { teams: { count: 2, size: 2 } }
    const all = [0, 1, 2].map((seat): [number, UntimedEvent] => [2, claims(seat, claim)])
    const names = ['ann', 'bob', 'cat', 'dan']
    expect(played(change, [[1, drops('dan')], ...all], names).result).toBeNull()
    expect(
      played(change, [[1, drops('dan')], ...all, [3, returns('dan')], [3, claims(3, claim)]], names).result,
    ).toMatchObject(claim)
  })
})

describe('[RE21] the time for claims waits for graces that run', () => {
  test('it is put off until the grace is over, and told', () => {
    const { facts, deadline, result } = played({}, [
      [1, claims(0)],
      [5, drops('bob')],
      [12, null],
    ])
    expect(result).toBeNull()
    expect(deadline).toEqual({ name: 'settleBy', at: 35_000 })
    expect(facts.at(-1)).toEqual({ type: 'state.changed', state: 'settling', deadline })
  })

  test('it is not put off where everyone is back in time', () => {
    expect(
      played({}, [
        [1, claims(0)],
        [5, drops('bob')],
        [6, returns('bob')],
        [11, null],
      ]).result,
    ).toMatchObject(annWon)
  })

  test('a player who comes back after it has some time to claim', () => {
    const story: [number, UntimedEvent | null][] = [
      [1, claims(0)],
      [5, drops('bob')],
      [34, returns('bob')],
    ]
    expect(played({}, story).deadline).toEqual({ name: 'settleBy', at: 44_000 })
    expect(played({}, [...story, [35, claims(1, bobWon)], [44, null]]).result).toMatchObject({ disputed: true })
    expect(played({}, [...story, [44, null]]).result).toMatchObject(annWon)
  })

  test('repeated drops do not put it off for ever', () => {
    const again = Array.from({ length: 20 }, (_, n): [number, UntimedEvent][] => [
      [5 + n * 9, drops('bob')],
      [13 + n * 9, returns('bob')],
    ])
    const { snapshot } = played({}, [[1, claims(0)], ...again.flat()])
    expect(snapshot.context.result).toMatchObject(annWon)
    expect(snapshot.context.overtimeMs).toBe(40_000)
  })

  test('after the longest time of play it waits in the same way', () => {
    const story: [number, UntimedEvent | null][] = [
      [19, drops('bob')],
      [20, null],
      [21, claims(0)],
      [31, null],
    ]
    expect(played({ maxMs: 20_000 }, story).result).toBeNull()
    expect(played({ maxMs: 20_000 }, [...story, [49, null]]).result).toMatchObject(annWon)
  })

  test('a second device that joins changes nothing', () => {
    const story: [number, UntimedEvent | null][] = [
      [1, claims(0)],
      [5, drops('bob')],
      [12, returns('ann')],
    ]
    expect(played({}, story).deadline?.at).toBe(35_000)
  })
})

describe('[RE22] when one team is left', () => {
  const left: [string, Partial<ModeConfig>, unknown][] = [
    ['a rated mode', { rated: true }, annWon],
    ['an unrated mode', {}, null],
    ['a rated mode that plays on', { rated: true, endWhen: 'nobodyLeft' }, null],
    ['an unrated mode that ends', { endWhen: 'oneTeamLeft' }, annWon],
  ]
  test.each(left)('of %s', (_, change, result) => {
    for (const story of [
      [[1, quits('bob')]],
      [
        [1, drops('bob')],
        [31, null],
      ],
    ] as [number, UntimedEvent | null][][]) {
      const ended = played(change, story)
      if (result) expect(ended.result).toMatchObject(result)
      else expect(ended.result).toBeNull()
      expect(ended.snapshot.state).toBe(result ? 'ended' : 'playing')
    }
  })

  test('it has won while play is paused, and without any claim', () => {
    const paused = { type: 'player.paused', seat: 0 } as UntimedEvent
    expect(
      played({ rated: true }, [
        [1, paused],
        [2, quits('bob')],
      ]).result,
    ).toMatchObject(annWon)
    expect(played({ rated: true, maxMs: 2_000 }, [[3, quits('bob')]]).result).toMatchObject(annWon)
  })

  test('a player who claims a victory and leaves has not won', () => {
    const story: [number, UntimedEvent | null][] = [
      [1, claims(1, bobWon)],
      [2, quits('bob')],
      [11, null],
    ]
    expect(played({ rated: true }, story).result).toMatchObject(annWon)
    expect(
      played({ rated: true }, [
        [1, claims(1, bobWon)],
        [2, quits('bob')],
        [3, claims(0, bobWon)],
      ]).result,
    ).toMatchObject(bobWon)
  })

  test('players of whom one remains win against all others', () => {
    const change = { teams: undefined, players: { min: 2, max: 3 }, rated: true }
    const names = ['ann', 'bob', 'cat']
    expect(played(change, [[1, quits('ann')]], names).snapshot.state).toBe('playing')
    expect(
      played(
        change,
        [
          [1, quits('ann')],
          [2, quits('cat')],
        ],
        names,
      ).result,
    ).toMatchObject({ placements: [[1], [0, 2]] })
  })

  test('an offered seat that was not taken was no opponent', () => {
    const late = {
      type: 'seat.offered',
      player: { playerId: playerId('bob'), name: 'bob', queuedAt: 0 },
    } as UntimedEvent
    const change = { teams: undefined, players: { min: 1, max: 3 }, rated: true, lateJoin: true, joinMs: 5_000 }
    expect(
      played(
        change,
        [
          [1, late],
          [7, null],
        ],
        ['ann'],
      ).snapshot.state,
    ).toBe('playing')
  })
})

describe('[MT60] a dropped line in the countdown', () => {
  test('is noted on the seat until the player is back', () => {
    const change = { countdownMs: 3_000 }
    expect(
      played(change, [
        [1, drops('bob')],
        [4, null],
      ]).snapshot,
    ).toMatchObject({
      state: 'playing',
      context: { seats: [{ status: 'present' }, { status: 'away', isBeforePlay: true }] },
    })
    const back = played(change, [
      [1, drops('bob')],
      [4, returns('bob')],
      [5, drops('bob')],
    ]).snapshot.context.seats[1]
    expect(back).toMatchObject({ status: 'away' })
    expect(back).not.toHaveProperty('isBeforePlay')
  })

  test('is forgotten when the service itself was away', () => {
    const restored = { type: 'service.restored', outageMs: 5_000, jumpMs: 0 } as UntimedEvent
    const { snapshot } = played({ countdownMs: 3_000 }, [
      [1, drops('bob')],
      [2, restored],
    ])
    expect(snapshot.context.seats[1]).not.toHaveProperty('isBeforePlay')
  })
})

test('[RE1] a thousand different claims make a disputed result', () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `player ${n}`)
  const places = names.map((_, seat) => [seat])
  const placements = (n: number) => [...places.slice(n), ...places.slice(0, n)]
  const settling = played({}, [[1, claims(0, { placements: places })]], names).snapshot
  const said = Object.fromEntries(names.map((_, seat) => [seat, { placements: placements(seat) }]))
  const last = { ...settling, context: { ...settling.context, claims: said } }
  const { context } = stepMatch(last, { type: 'deadline.passed', heard: {}, at: 11_000 }).snapshot
  expect(context.result).toMatchObject({ outcome: 'completed', disputed: true })
})

test('[RE25] in a large match equal claims are kept once, and told once', () => {
  const names = Array.from({ length: 200 }, (_, n) => `p${n}`)
  const order = { placements: names.map((_, seat) => [seat]), scores: Object.fromEntries(names.map((_, n) => [n, n])) }
  const half = played(
    { players: { min: 200, max: 200 }, teams: undefined },
    [...names.keys()].slice(0, 100).map((seat) => [1, claims(seat, structuredClone(order))]),
    names,
  )
  const size = JSON.stringify(order).length
  expect(JSON.stringify(half.snapshot.context.claims).length).toBeLessThan(2 * size)
  const told = half.facts.filter(({ type }) => type === 'result.claimed')
  expect(told).toHaveLength(100)
  expect(told.filter((fact) => 'result' in fact)).toHaveLength(1)
  const whole = played(
    { players: { min: 200, max: 200 }, teams: undefined },
    [...names.keys()].map((seat) => [1, claims(seat, structuredClone(order))]),
    names,
  )
  expect(whole.result).toMatchObject({ outcome: 'completed', placements: order.placements })
})

test('[RE25] large claims that all differ are told only a few times', () => {
  const names = Array.from({ length: 200 }, (_, n) => `p${n}`)
  const story = [...names.keys()].slice(0, 50).map((seat): [number, UntimedEvent] => {
    const turned = names.map((_, n) => [(n + seat) % names.length])
    return [1, claims(seat, { placements: turned, scores: Object.fromEntries(names.map((_, n) => [n, n])) } as never)]
  })
  const { facts } = played({ players: { min: 200, max: 200 }, teams: undefined }, story, names)
  expect(facts.filter((fact) => fact.type === 'result.claimed' && 'result' in fact)).toHaveLength(4)
})

test('[RE25] a new claim leaves the claims of the others as they were', () => {
  const names = ['p0', 'p1', 'p2', 'p3', 'p4']
  const turned = (by: number) => ({ placements: names.map((_, n) => [(n + by) % names.length]) })
  const claim = fc.tuple(fc.nat(4), fc.nat(2))
  fc.assert(
    fc.property(fc.array(claim, { maxLength: 12 }), (said) => {
      const last = new Map<number, number>()
      let isDecided = false
      const story = said.flatMap(([seat, by]): [number, UntimedEvent][] => {
        if (isDecided) return []
        last.set(seat, by)
        isDecided = last.size === names.length && new Set(last.values()).size === 1
        return [[1, claims(seat, turned(by))]]
      })
      const { snapshot } = played({ players: { min: 5, max: 5 }, teams: undefined }, story, names)
      const of = (seat: number) => {
        const own = snapshot.context.claims[seat]
        return own && 'as' in own ? snapshot.context.claims[own.as] : own
      }
      for (const [seat, by] of last) expect(of(seat)).toEqual(turned(by))
    }),
  )
})
