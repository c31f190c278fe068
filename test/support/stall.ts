// A process whose loop behaves as its argument says, for the watchdog's test.
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '../../src/system/system.ts'
import { startWatchdog } from '../../src/system/watchdog.ts'

const [how = '', notePath = null] = process.argv.slice(2)
const watchdog = startWatchdog({ clock: systemClock, notePath, longestBusyMs: 1_000, longestBlockedMs: 2_000 })
const busyFor = (ms: number) => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

const ways: Record<string, () => void | Promise<void>> = {
  spin() {
    watchdog.working('the-culprit', 'chess')
    watchdog.answering('match:act')
    for (;;);
  },
  async promises() {
    for (;;) await Promise.resolve()
  },
  block: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  /** Timers starve, but the loop makes progress. */
  async slowly() {
    for (let n = 0; n < 8; n++) {
      for (let m = 0; m < 4; m++) {
        busyFor(200)
        watchdog.progressed()
      }
      await setImmediate()
    }
    console.log('done')
    process.exit()
  },
  sleep() {
    console.log('asleep')
    busyFor(500)
    console.log('done')
    process.exit()
  },
}
setTimeout(() => void ways[how]?.(), 300)
