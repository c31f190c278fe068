import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isDatabase, Unusable, verifyAll } from '../stores/backup/verify-copy.ts'
import { copyData } from './copy-data.ts'

const USAGE = `Copies everything that a service keeps, while it runs or not.

  DATA_DIR=./data muster backup backup.db    into this file, and titles into backup.db.titles beside it
  DATA_DIR=./data muster backup backups/     into this directory, laid out as a DATA_DIR

  DATA_DIR=./new muster restore backup.db    puts it back, into a directory that is empty
`
/** The parts of a DATA_DIR; the first always exists. */
const PARTS = ['muster.db', 'titles', 'session-secret']

async function main(): Promise<void> {
  const [given] = process.argv.slice(2)
  if (given === '--help') return console.log(USAGE)
  const { DATA_DIR: directory, INIT_CWD: home = process.cwd() } = process.env
  if (given === undefined) throw new Unusable(USAGE)
  if (!directory)
    throw new Unusable('DATA_DIR: say which directory to back up, as in DATA_DIR=./data muster backup backup.db')
  if (!existsSync(join(directory, 'muster.db'))) throw new Unusable(`DATA_DIR: nothing is kept in ${directory}`)
  const target = resolve(home, given)
  const isFolder = given.endsWith('/') || (existsSync(target) && statSync(target).isDirectory())
  if (!isFolder) checkFile(target)
  const draft = join(isFolder ? target : dirname(target), `.${basename(target)}.${process.pid}.partial`)
  mkdirSync(draft, { recursive: true, mode: 0o700 })
  try {
    await copyData(directory, draft)
    const matches = verifyAll(draft)
    if (isFolder) putInto(target, draft)
    else putBeside(target, draft)
    console.log(`Backed up ${directory} to ${target}: ${matches} open matches; all pages and checksums are valid.`)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function checkFile(target: string): void {
  if (!existsSync(dirname(target))) throw new Unusable(`${dirname(target)} is not there`)
  if (basename(target) === 'muster.db' && existsSync(join(dirname(target), 'muster.lock')))
    throw new Unusable(`${target} belongs to a service: name another file`)
  if (existsSync(target) && !isDatabase(target))
    throw new Unusable(`${target} is there, and is no backup: name another file`)
}

/** Moves the copies into a directory that can serve as a `DATA_DIR`. */
function putInto(target: string, draft: string): void {
  if (existsSync(join(target, 'muster.lock'))) throw new Unusable(`${target} is a DATA_DIR itself: name another one`)
  for (const part of PARTS) replace(join(draft, part), join(target, part))
}

function putBeside(target: string, draft: string): void {
  replace(join(draft, 'muster.db'), target)
  for (const part of PARTS.slice(1)) replace(join(draft, part), `${target}.${part}`)
}

function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  if (existsSync(from)) renameSync(from, to)
}

main().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
})
