#!/usr/bin/env node
// `npm create muster-game`: copies a template into a new folder.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const TEMPLATES = { turns: 'a turn game with hidden hands', relay: 'a real-time game over the relay' }
const DEFAULT = 'turns'
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/
const USAGE = `Makes a game for Muster in a new folder.

  npm create muster-game [name] [-- --template ${DEFAULT}]

Templates:
${Object.entries(TEMPLATES)
  .map(([name, what]) => `  ${name.padEnd(6)} ${what}`)
  .join('\n')}`

/** A mistake of the user; the message says what to do. */
class UsageError extends Error {}

// In the package this file is dist/tools/create/main.js.
const home = fileURLToPath(new URL('../../..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))

async function main(): Promise<void> {
  const { values, positionals } = understood()
  if (values.help) return console.log(USAGE)
  const template = values.template ?? DEFAULT
  if (!Object.hasOwn(TEMPLATES, template))
    throw new UsageError(`There is no template ${template}. Templates: ${Object.keys(TEMPLATES).join(', ')}`)
  const given = positionals[0] ?? (await ask('Name of your game: '))
  const folder = resolve(given)
  const name = basename(folder)
  if (!NAME.test(name)) throw new UsageError(`${name} is no name for a package: use small letters, digits and dashes`)
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0))
    throw new UsageError(`${given} is not empty: choose another name`)
  mkdirSync(folder, { recursive: true })
  for (const part of ['common', template]) cpSync(join(home, 'templates', part), folder, { recursive: true })
  // npm leaves files of this name out of packages.
  renameSync(join(folder, '_gitignore'), join(folder, '.gitignore'))
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) fillIn(join(folder, file), name)
  console.log(
    `\nYour game is in ${given}. Now:\n\n  cd ${given}\n  npm install\n  npm run dev\n\nThen open the address in two tabs.\n`,
  )
}

function understood() {
  try {
    const options = { template: { type: 'string' }, help: { type: 'boolean' } } as const
    return parseArgs({ options, allowPositionals: true })
  } catch (fault) {
    throw new UsageError(`${(fault as Error).message}\n\n${USAGE}`)
  }
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError(USAGE)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return (await terminal.question(question)).trim()
  } finally {
    terminal.close()
  }
}

function fillIn(file: string, name: string): void {
  if (!statSync(file).isFile()) return
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replaceAll('__NAME__', name).replaceAll('__VERSION__', version))
}

await main().catch((fault: unknown) => {
  console.error(fault instanceof UsageError ? fault.message : fault)
  process.exitCode = 1
})
