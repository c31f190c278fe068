import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { startProcess } from '../support/process.ts'

const CHROMIUM = '/usr/bin/chromium'
// How long a test waits before it fails; nothing is measured by it.
const PATIENCE_MS = 30_000

/** Starts a new game as its players get it, and plays it in two tabs of a browser. */
export async function playInNewGame(game: string, template: string): Promise<void> {
  expect(existsSync(CHROMIUM), 'the Debian package chromium is missing').toBe(true)
  const { url } = startProcess({}, game, [join(game, 'node_modules/.bin/muster'), 'start'])
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  onTestFinished(() => browser.close())
  const context = await browser.newContext()
  const tabs = [await context.newPage(), await context.newPage()] as const
  for (const tab of tabs) {
    await tab.goto(await url)
    await tab.getByRole('button', { name: 'Play' }).click({ timeout: PATIENCE_MS })
  }
  await (template === 'turns' ? playTrick(tabs) : moveDot(tabs))
}

const says = (tab: Page, text: string) => tab.getByText(text).waitFor({ timeout: PATIENCE_MS })

async function playTrick(tabs: readonly [Page, Page]): Promise<void> {
  for (const tab of tabs) {
    await says(tab, 'Your turn: play a card. Tricks: 0 to 0.')
    await tab.locator('#hand button').first().click()
  }
  for (const tab of tabs) {
    await tab.locator('#tricks .card').nth(1).waitFor({ timeout: PATIENCE_MS })
    expect(await tab.locator('#hand button').count()).toBe(4)
  }
}

async function moveDot([first, second]: readonly [Page, Page]): Promise<void> {
  await says(first, 'of 2 players')
  await says(second, 'of 2 players')
  await first.locator('#arena').hover()
  for (const tab of [first, second]) await tab.locator('.dot').first().waitFor({ timeout: PATIENCE_MS })
}
