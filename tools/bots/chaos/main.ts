import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UsageError } from '../options.ts'
import { StartError } from '../own-server.ts'
import { check } from './check/check.ts'
import type { History } from './check/history.ts'
import { type Fleet, launchFleet } from './fleet.ts'
import { type Options, readOptions, usage } from './options.ts'
import { between, dice } from './player/dice.ts'
import { type Findings, isBroken, reportOf } from './report.ts'
import { type MortalServer, openMortalServer } from './server.ts'
import { readStore } from './store.ts'
import { times } from './times.ts'

const SETTLE_MS = 45_000
/** One kill in so many, the server stays away for longer than any grace. */
const LONG_EVERY = 10
const LONG_MS = times.graceMs + 1_000
// The extra time that a start may take on a busy machine, in ms.
const START_MS = 8_000

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), () => Math.floor(Math.random() * 2 ** 32))
  const { kills, matches, seed, maxUpMs } = options
  console.log(`${kills} kills under ${matches} matches at a time, seed ${seed}`)
  const limitMs = 60_000 + matches * 100 + kills * (maxUpMs + START_MS) + SETTLE_MS
  setTimeout(() => giveUp(`the run was not over after ${Math.round(limitMs / 1000)} s`), limitMs).unref()

  const directory = mkdtempSync(join(tmpdir(), 'muster-chaos-'))
  let isEvidence = false
  process.on('exit', () => {
    if (!isEvidence) rmSync(directory, { recursive: true, force: true })
  })
  const findings = await ruin(options, directory)
  console.log(reportOf(findings).join('\n'))
  isEvidence = isBroken(findings)
  if (isEvidence) keepEvidence(directory, findings)
  return isEvidence ? 1 : 0
}

/** Kills the server as often as asked for, and checks the outcome. */
async function ruin(options: Options, directory: string): Promise<Findings> {
  const throwDice = dice(options.seed)
  const server = await openMortalServer(directory, throwDice)
  await server.start()
  const fleet = await launchFleet(server.url, options)
  console.log(`${fleet.bots.length} bots connected`)
  for (let n = 1; n <= options.kills; n += 1) {
    await sleep(between(throwDice, options.minUpMs, options.maxUpMs))
    await server.kill()
    if (isLong(n, options.kills)) await sleep(LONG_MS)
    await server.start()
  }
  const stuck = await fleet.settle(SETTLE_MS)
  await server.kill()
  const history = historyOf(fleet, server, directory)
  for (const { muster } of fleet.bots) muster.close()
  return { verdict: check(history), history, server, stuck }
}

// In a short run, too, it happens once.
const isLong = (n: number, kills: number): boolean => n % LONG_EVERY === Math.min(LONG_EVERY, kills) - 1

const historyOf = ({ bots }: Fleet, { lives }: MortalServer, directory: string): History => ({
  diaries: bots.map(({ diary, muster }) => diary.close(muster.session.playerId)),
  stored: readStore(directory),
  lives,
  ...times,
})

function keepEvidence(directory: string, { verdict, history, server }: Findings): void {
  writeFileSync(join(directory, 'lives.json'), JSON.stringify(history.lives))
  writeFileSync(join(directory, 'server.log'), server.said.map((line) => `${line}\n`).join(''))
  writeFileSync(join(directory, 'faults.txt'), verdict.faults.map(({ kind, what }) => `${kind}: ${what}\n`).join(''))
  writeFileSync(join(directory, 'history.jsonl'), history.diaries.map((diary) => `${JSON.stringify(diary)}\n`).join(''))
  console.error(`the store, all faults and all that the bots saw are in ${directory}`)
}

function giveUp(why: string): void {
  console.log(`BROKEN: ${why}`)
  process.exit(1)
}

// The server must not outlive us, nor its directory.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

main().then(
  (code) => process.exit(code),
  (fault: unknown) => {
    if (fault instanceof UsageError) console.error(`${fault.message}\n\n${usage}`)
    else if (fault instanceof StartError) console.log(`BROKEN: ${fault.message}`)
    else console.error(fault)
    process.exit(fault instanceof UsageError ? 2 : 1)
  },
)
