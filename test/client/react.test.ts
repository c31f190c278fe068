import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startWorld } from '../support/world.ts'

const CHROMIUM = '/usr/bin/chromium'

async function scriptOfPage(): Promise<string> {
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'esnext', rolldownOptions: { input: 'test/client/fixture/react-page.ts' } },
  })) as Rolldown.RolldownOutput
  return output[0].code
}

/** A browser with the page of a game that is connected to this server. */
async function openPage(server: string) {
  const script = await scriptOfPage()
  // The page comes from the test, so the browser takes it for one of another network.
  const args = ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks']
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (fault) => faults.push(fault.message))
  const html = '<div id="root"></div><script type="module" src="page.js"></script>'
  await page.route(`${server}/game/`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.route(`${server}/game/page.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
  await page.goto(`${server}/game/`)
  const shows = (text: string) => page.getByText(text, { exact: true }).waitFor()
  const press = (name: string) => page.getByRole('button', { name }).click()
  return { shows, press, faults }
}

test.skipIf(!existsSync(CHROMIUM))('[SD29] a React page shows the player and the match', async () => {
  const world = await startWorld({ mode: { countdownMs: 0 } })
  const { shows, press, faults } = await openPage(world.url)
  await shows('Ann connected - - - - - -')
  await press('play')
  await shows('Ann connected duel - - - - -')
  const bob = await world.player('bob')
  const matchId = await world.queue([bob])
  await shows('Ann connected - gathering duel - - -')
  await bob.joins(matchId)
  await shows('Ann connected - playing duel - - -')
  bob.sends('hello')
  await shows('Ann connected - playing duel - - 1: hello')
  await press('leave')
  await bob.hears('match:event', ({ type }) => type === 'player.left')
  await shows('Ann connected - - - - - 1: hello')
  expect(faults).toEqual([])
})
