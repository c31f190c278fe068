import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Unusable, verifyAll } from '../stores/backup/verify-copy.ts'

const USAGE = `Puts a backup back, into a directory that is empty or not there yet:

  DATA_DIR=./new muster restore backup.db
`

function main(): void {
  const [given] = process.argv.slice(2)
  if (given === '--help') return console.log(USAGE)
  const { DATA_DIR: directory, INIT_CWD: home = process.cwd() } = process.env
  if (given === undefined) throw new Unusable(USAGE)
  if (!directory) throw new Unusable('DATA_DIR: say where to put it, as in DATA_DIR=./new muster restore backup.db')
  const source = resolve(home, given)
  if (!existsSync(source)) throw new Unusable(`${source} is not there`)
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new Unusable(`DATA_DIR: ${directory} is not empty, and nothing in it is replaced: name another directory`)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const isFolder = statSync(source).isDirectory()
  for (const part of ['muster.db', 'titles', 'session-secret']) {
    const from = isFolder ? join(source, part) : part === 'muster.db' ? source : `${source}.${part}`
    if (existsSync(from)) cpSync(from, join(directory, part), { recursive: true })
  }
  try {
    const matches = verifyAll(directory)
    console.log(`Restored ${source} to ${directory}, with ${matches} open matches. Start the service on it.`)
  } catch (fault) {
    rmSync(directory, { recursive: true })
    throw fault
  }
}

try {
  main()
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
}
