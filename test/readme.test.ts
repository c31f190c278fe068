import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess } from './support/process.ts'

const RUNS = 50
const AT_ONCE = 10

/** A folder that knows nothing of this repository but the package that the README says to install. */
function foreignFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return folder
}

const firstBlock = (language: string): string =>
  readFileSync('README.md', 'utf8').match(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms'))?.[1] ?? ''

/** Runs the client until it has heard the other one; resolves with all it printed, also when it ended before. */
function run(folder: string): Promise<string[]> {
  const child = spawn(process.execPath, ['client.mjs'], { cwd: folder })
  const printed: string[] = []
  return new Promise((done) => {
    child.stderr.on('data', (chunk) => printed.push(`${chunk}`))
    child.once('close', () => done(printed))
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed.push(line)
      if (line.includes('says')) child.kill()
    })
    onTestFinished(() => void child.kill('SIGKILL'))
  })
}

test(`[SD7] the README’s shortest client plays a match, ${RUNS} times of ${RUNS}`, async () => {
  const { url } = startProcess()
  const folder = foreignFolder()
  const text = firstBlock('js').replaceAll('http://localhost:3000', await url)
  writeFileSync(join(folder, 'client.mjs'), text)
  for (let runs = 0; runs < RUNS; runs += AT_ONCE) {
    const all = await Promise.all(Array.from({ length: AT_ONCE }, () => run(folder)))
    for (const printed of all) {
      expect(printed).toContain('joined: true')
      expect(printed.join('\n')).toMatch(/^seat ([01]) says hello from seat \1$/m)
    }
  }
})
