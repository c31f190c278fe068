import { readFileSync } from 'node:fs'
import { createMatchmaker } from '../../src/matchmaker/matchmaker.ts'
import { readLog } from './log.ts'
import { readReplayOptions, UsageError } from './options.ts'
import { replayed } from './replaying.ts'
import { pageOf } from './report/page.ts'
import { printed } from './report/table.ts'
import { command, modeOf, put } from './setup.ts'
import { told } from './shape.ts'

const usage = `Plays the recorded tickets of a queue again under other settings, in seconds, and sets both side by side.

  muster replay --log queue.jsonl --mode squad --points-per-second 3

  --log                the file that QUEUE_LOG named
  --mode               squad; only its tickets are played
  --points-per-second  the knob: how many rating points of mismatch a second of waiting is worth
  --teams              2x5: the mode's shape, instead of the config's
  --config             the file of the server's modes
  --html               reports/queue.html, a page with charts`

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (fault) {
    throw new UsageError(`--log ${path} cannot be read: ${(fault as Error).message}`)
  }
}

await command(usage, async (args) => {
  const options = readReplayOptions(args)
  const mode = await modeOf(options)
  const { lives, damaged } = readLog(read(options.log))
  const ofMode = lives.filter((life) => life.mode === mode.id)
  if (ofMode.length === 0) throw new UsageError(`--log ${options.log} has no tickets of ${mode.id}`)
  const { pointsPerSecond, html } = options
  const replay = { mode, lives: ofMode, pointsPerSecond }
  const { settings, refused } = replayed(createMatchmaker, replay)
  const skipped = [
    damaged > 0 ? `${damaged} damaged lines skipped` : '',
    refused > 0 ? `${refused} tickets not taken` : '',
  ]
  const says = [`Recorded: ${ofMode.length} tickets, ${told(mode)}`, ...skipped].filter(Boolean).join(', ')
  console.log(`${says}\n\n${printed(settings)}`)
  put(html, pageOf({ title: `The queue of ${mode.id}`, says, settings }))
  console.log(`\n${html}`)
})
