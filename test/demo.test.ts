import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startProcess } from './support/process.ts'

const CHROMIUM = '/usr/bin/chromium'
// How long a test waits before it fails; nothing is measured by it.
const PATIENCE_MS = 15_000
const TEST_MS = 60_000

const browserTest = test.skipIf(!existsSync(CHROMIUM))
let built: Promise<unknown> | undefined

/** The page as `npm run build` makes it. */
async function buildDemo(): Promise<void> {
  vi.stubEnv('NODE_ENV', 'production')
  built ??= build({ root: 'demo', logLevel: 'warn' })
  await built
  vi.unstubAllEnvs()
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'muster-demo-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Settings for the shipped modes, with a countdown that is there and soon over. */
function quickSettings(): { MUSTER_CONFIG: string } {
  const path = join(newDirectory(), 'quick.mjs')
  const config = JSON.stringify(pathToFileURL(resolve('src/config/config.ts')))
  const doubles = "{ id: 'doubles', teams: { count: 2, size: 2 } }"
  const modes = `[...shippedModes, ${doubles}].map((mode) => ({ ...mode, countdownMs: 500 }))`
  writeFileSync(path, `import { shippedModes } from ${config}\nexport default { modes: ${modes} }\n`)
  return { MUSTER_CONFIG: path }
}

/** Two people, each with a browser of their own. */
async function twoPeople(): Promise<[Player, Player]> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
  args.push('--disable-background-networking', '--disable-component-update')
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args })
  onTestFinished(() => browser.close())
  const newPage = async () => (await browser.newContext()).newPage()
  return [new Player('Ann', await newPage()), new Player('Bob', await newPage())]
}

/** Two people who have chosen a mode, found each other and see play begin. */
async function playing(url: string, mode: RegExp, begun: string | RegExp): Promise<[Player, Player]> {
  const pair = await twoPeople()
  for (const player of pair) await player.looksFor(url, mode)
  for (const player of pair) await player.sees(begun)
  return pair
}

/** Who plays by what the page says, and by nothing else. */
class Player {
  readonly name: string
  readonly page: Page
  readonly complaints: string[] = []

  constructor(name: string, page: Page) {
    this.name = name
    this.page = page
    page.setDefaultTimeout(PATIENCE_MS)
    page.on('pageerror', (fault) => this.complaints.push(fault.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
  }

  async comes(url: string): Promise<void> {
    await this.page.goto(url)
    await this.page.getByLabel('Your name').fill(this.name)
  }

  async looksFor(url: string, mode: RegExp): Promise<void> {
    await this.comes(url)
    await this.page.getByRole('radio', { name: mode }).check({ force: true })
    await this.page.getByRole('button', { name: 'Play' }).click()
  }

  sees = (text: string | RegExp): Promise<void> =>
    this.page.locator('main').getByText(text).filter({ visible: true }).first().waitFor()

  /** Marks a free cell, as soon as it is this player's turn. */
  marks = (row: number, column: number): Promise<void> => this.cell(row, column, 'empty').click()

  seesMark = (row: number, column: number, whose: string): Promise<void> =>
    this.cell(row, column, `${whose} mark`).waitFor()

  cell = (row: number, column: number, content: string) =>
    this.page.getByRole('button', { name: `Row ${row}, column ${column}, ${content}` })

  presses = (button: string): Promise<void> => this.page.getByRole('button', { name: button, exact: true }).click()

  seesButton = (button: string): Promise<void> => this.page.getByRole('button', { name: button }).waitFor()

  async types(field: string, text: string): Promise<void> {
    await this.page.getByLabel(field, { exact: true }).fill(text)
    await this.page.keyboard.press('Enter')
  }

  /** The link that is there to be passed on. */
  async linkTo(what: RegExp): Promise<string> {
    const field = this.page.getByLabel(what)
    await field.waitFor()
    return field.inputValue()
  }

  reads = (text: string): Promise<void> => this.page.getByRole('log', { name: 'Messages' }).getByText(text).waitFor()

  async hasTurn(): Promise<boolean> {
    const turn = this.page.locator('#turn', { hasText: 'turn' })
    await turn.waitFor({ state: 'attached' })
    return (await turn.textContent())?.startsWith('Your') ?? false
  }
}

/** The two in the order of their turns. */
async function inOrder([ann, bob]: readonly [Player, Player]): Promise<[Player, Player]> {
  return (await ann.hasTurn()) ? [ann, bob] : [bob, ann]
}

// Shares of the sheet's width and height: along a stroke, and off it.
const STROKE = [
  [0.2, 0.3],
  [0.4, 0.3],
  [0.6, 0.3],
] as const
const ELSEWHERE = [0.4, 0.7] as const

async function drawStroke({ page }: Player): Promise<void> {
  const sheet = await page.getByRole('img', { name: /^The shared sheet/ }).boundingBox()
  if (!sheet) throw new Error('there is no sheet')
  const place = ([x, y]: readonly [number, number]) => [sheet.x + x * sheet.width, sheet.y + y * sheet.height] as const
  await page.mouse.move(...place(STROKE[0]))
  await page.mouse.down()
  await page.mouse.move(...place(STROKE[2]), { steps: 20 })
  await page.mouse.up()
}

/** As much of the browser's canvas as is looked at here. */
interface Canvas {
  width: number
  height: number
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { data: Uint8Array } }
}

/** Whether there is ink at these places of the sheet. */
const inkAt = ({ page }: Player, places: readonly (readonly [number, number])[]): Promise<boolean[]> =>
  page.getByRole('img', { name: /^The shared sheet/ }).evaluate((sheet: Canvas, asked) => {
    const pen = sheet.getContext('2d')
    return asked.map(([x, y]) => (pen.getImageData(x * sheet.width, y * sheet.height, 1, 1).data[3] ?? 0) > 0)
  }, places)

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return `${port}`
}

browserTest(
  'two tabs of the demo find each other, and each sees what the other draws',
  async () => {
    await buildDemo()
    const [ann, bob] = await playing(await startProcess(quickSettings()).url, /One other/, 'Draw together')
    await drawStroke(ann)
    for (const player of [ann, bob]) {
      const ink = () => inkAt(player, [...STROKE, ELSEWHERE])
      await expect.poll(ink, { timeout: PATIENCE_MS }).toEqual([true, true, true, false])
    }
    await bob.page.close()
    await ann.sees(/^Bob dropped/)
    await ann.sees(/^away · \d+ s$/)
    const back = new Player('Bob', await bob.page.context().newPage())
    await back.page.goto(new URL(ann.page.url()).origin)
    await back.presses('Go back')
    await back.sees('Draw together')
    await back.presses('Leave')
    await back.presses('Leave the match')
    await ann.sees('Bob left.')
    await ann.seesButton('Play again')
    expect([...ann.complaints, ...bob.complaints]).toEqual([])
  },
  TEST_MS,
)

browserTest(
  'two tabs of the demo play tic-tac-toe to a win, one of them through a reload, and once more',
  async () => {
    await buildDemo()
    const pair = await playing(await startProcess(quickSettings()).url, /Tic-tac-toe/, /turn · \d+ s$/)
    const [first, second] = await inOrder(pair)
    await first.marks(1, 1)
    await second.seesMark(1, 1, `${first.name}’s`)
    await second.cell(1, 1, '').click({ force: true })
    await second.sees(/This cell is taken/)
    await second.marks(2, 1)
    await first.marks(1, 2)
    await second.page.reload()
    await second.seesMark(1, 2, `${first.name}’s`)
    await second.seesMark(2, 1, 'your')
    await second.marks(2, 2)
    await first.marks(1, 3)
    await first.sees('You won')
    await second.sees(`${first.name} won`)
    for (const player of pair) await player.cell(1, 3, '').and(player.page.getByLabel('winning line')).waitFor()

    await second.presses('Rematch')
    await first.sees(`${second.name} wants a rematch`)
    await first.presses('Rematch')
    for (const player of pair) await player.cell(1, 1, 'empty').waitFor()
    const [third, fourth] = await inOrder(pair)
    await third.marks(3, 3)
    await fourth.seesMark(3, 3, `${third.name}’s`)
    await fourth.page.getByRole('button', { name: 'Leave' }).click()
    await fourth.presses('Stay')
    await fourth.sees(/turn · \d+ s$/)
    await fourth.page.getByRole('button', { name: 'Leave' }).click()
    await fourth.presses('Leave the match')
    await fourth.sees('You left the match')
    await third.sees('You won')
    expect([...first.complaints, ...second.complaints]).toEqual([])
  },
  TEST_MS,
)

browserTest(
  'a game in the demo resumes after the server was killed and restarted',
  async () => {
    await buildDemo()
    const env = { ...quickSettings(), DATA_DIR: newDirectory(), PORT: await freePort() }
    const server = startProcess(env)
    const pair = await playing(await server.url, /Tic-tac-toe/, /turn · \d+ s$/)
    const [first, second] = await inOrder(pair)
    await first.marks(2, 2)
    await second.seesMark(2, 2, `${first.name}’s`)
    server.kill('SIGKILL')
    await server.exit
    for (const { page } of pair) await page.getByText(/Connection lost/).waitFor()

    await startProcess(env).url
    await second.marks(1, 1)
    await first.seesMark(1, 1, `${second.name}’s`)
    await first.marks(3, 1)
    await second.seesMark(3, 1, `${first.name}’s`)
    await second.seesMark(2, 2, `${first.name}’s`)
  },
  TEST_MS,
)

browserTest(
  'a private lobby by its link and password: they talk, play, and are in the same lobby again',
  async () => {
    await buildDemo()
    const url = await startProcess(quickSettings()).url
    const [ann, bob] = await twoPeople()
    await ann.comes(url)
    await ann.presses('New lobby')
    await ann.page.getByLabel('What you play').selectOption('tictactoe')
    await ann.page.getByLabel(/Private: /).check()
    await ann.types('Password (optional)', 'sesame')
    await ann.sees('Ann’s lobby')
    await ann.types('Message', '<i>the first</i>')

    await bob.page.goto(await ann.linkTo(/can join$/))
    await bob.types('Choose the name that others see', 'Bob')
    await bob.types('Password', 'open')
    await bob.page.getByText('The password is wrong.').waitFor()
    await bob.types('Password', 'sesame')
    await bob.sees('Ann’s lobby')
    expect(new URL(bob.page.url()).search).toBe('')
    await bob.reads('<i>the first</i>')
    await bob.types('Message', 'the second')
    await ann.reads('the second')

    await bob.presses('I’m ready')
    await ann.page.locator('#start:not([aria-disabled])').click()
    for (const player of [ann, bob]) await player.sees(/turn · \d+ s$/)
    await bob.presses('Leave')
    await bob.presses('Leave the match')
    await bob.presses('Back to the lobby')
    await ann.sees('You won')
    await ann.presses('Back to the lobby')
    for (const player of [ann, bob]) await player.sees('Ann’s lobby')
    await bob.page.reload()
    await bob.seesButton('I’m ready')
    await bob.reads('the second')
    expect([...ann.complaints, ...bob.complaints]).toEqual([])
  },
  TEST_MS,
)

browserTest(
  'the first screen lists lobbies live, and a party is joined by link and searches as one',
  async () => {
    await buildDemo()
    const url = await startProcess(quickSettings()).url
    const [ann, bob] = await twoPeople()
    for (const player of [ann, bob]) await player.comes(url)
    await bob.sees(/^None right now/)
    await ann.presses('New lobby')
    await ann.presses('Create')
    await bob.presses('Join Ann’s lobby')
    await ann.presses('Kick Bob')
    await bob.sees('The host removed you from the lobby.')
    await ann.presses('Leave')
    await bob.sees(/^None right now/)

    await ann.presses('Start a party')
    await bob.page.goto(await ann.linkTo(/can join your party$/))
    await bob.seesButton('Ann starts the search')
    await ann.presses('Play, all 2 of you')
    await ann.sees(/^Your party is too large/)
    await ann.page.getByRole('radio', { name: /Two and two/ }).check({ force: true })
    await ann.presses('Play, all 2 of you')
    await bob.presses('Why?')
    await bob.sees('Nobody else is searching in your mode.')
    await bob.presses('Cancel')
    await ann.sees(/^The search was called off/)
    expect([...ann.complaints, ...bob.complaints]).toEqual([])
  },
  TEST_MS,
)

browserTest(
  'a player who closed the tab in a game is offered to return, and the page title says whose turn it is',
  async () => {
    await buildDemo()
    const url = await startProcess(quickSettings()).url
    const pair = await playing(url, /Tic-tac-toe/, /turn · \d+ s$/)
    const [first, second] = await inOrder(pair)
    await first.page.waitForFunction("document.title === 'Your turn – Muster'")
    await second.page.waitForFunction("document.title === 'Match – Muster'")
    const device = first.page.context()
    await first.page.goto('about:blank')
    await second.sees(/^away · \d+ s$/)
    const reopened = new Player(first.name, await device.newPage())
    await reopened.page.goto(url)
    await reopened.presses('Go back')
    await reopened.marks(1, 1)
    await second.seesMark(1, 1, `${first.name}’s`)
    expect(reopened.complaints).toEqual([])
  },
  TEST_MS,
)
