// A process whose loop stands still, for the watchdog's test.
import { systemClock } from '../../src/ambient.ts'
import { startWatchdog } from '../../src/watchdog.ts'

const watchdog = startWatchdog({ clock: systemClock, notePath: process.argv[2] ?? null, longestStillMs: 1_000 })
setTimeout(() => {
  watchdog.working('the-culprit')
  for (;;);
}, 300)
