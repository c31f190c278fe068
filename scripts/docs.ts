// Writes the generated references in docs/, or with --check only says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs'
import { errorsPage } from './docs/errors-page.ts'
import { protocolPage } from './docs/protocol-page.ts'

const pages = { 'docs/protocol.md': protocolPage(), 'docs/errors.md': errorsPage() }
const isCheck = process.argv.includes('--check')

for (const [path, text] of Object.entries(pages)) {
  if (!isCheck) writeFileSync(path, text)
  else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} is not current. Run: npm run docs`)
    process.exitCode = 1
  }
}
