import { runFleet } from './fleet.ts'
import { type Options, readOptions, UsageError, usage } from './options.ts'
import { answers, type OwnServer, StartError, startOwnServer } from './own-server.ts'
import { brokenIn, type Findings, reportOf } from './report.ts'
import { openRun, type Run } from './run.ts'

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(usage)
    return 0
  }
  const options = readOptions(process.argv.slice(2), process.env)
  const server = await reach(options)
  if (!server) {
    console.error(`Nothing answers at ${options.url}. Start the server, or leave --url and MUSTER_URL out.`)
    return 1
  }
  const run = openRun(options)
  await runFleet(server.url, run, options)
  const findings = findingsOf(run)
  await server.stop()
  console.log(reportOf(findings).join('\n'))
  return brokenIn(findings).length === 0 ? 0 : 1
}

/** The named server, the one on this machine, or one that this run starts; null when the named one does not answer. */
async function reach({ url, isUrlGiven }: Options): Promise<OwnServer | null> {
  if (await answers(url)) return { url, stop: async () => {} }
  if (isUrlGiven) return null
  const server = await startOwnServer()
  console.log(`nothing answers at ${url}, so a server was started for this run at ${server.url}`)
  return server
}

function findingsOf(run: Run): Findings {
  const { latency, ledger, matches, faults, refusals, tickets, isDraining } = run
  tickets.close()
  if (isDraining) faults.blame('the server drained before the run was over')
  const ms = (percentile: number) => latency.percentile(percentile) / 1000
  return {
    matches: { made: matches.made(), begun: matches.begun() },
    tally: ledger.tally(),
    latencyMs: latency.count > 0 ? { p50: ms(50), p95: ms(95), p99: ms(99), max: latency.max / 1000 } : null,
    faults: faults.list(),
    refusals: refusals.list(),
  }
}

// A server of our own must not outlive us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

main().then(
  (code) => process.exit(code),
  (fault: unknown) => {
    if (fault instanceof UsageError) console.error(`${fault.message}\n\n${usage}`)
    else console.error(fault instanceof StartError ? fault.message : fault)
    process.exit(fault instanceof UsageError ? 2 : 1)
  },
)
