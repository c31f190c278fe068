import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type ControlNote, controlPath } from '../http/control.ts'
import { copyIdleDatabase, copySessionSecret } from '../stores/backup/copy-directory.ts'
import { Unusable } from '../stores/backup/verify-copy.ts'
import { StoreLockedError } from '../stores/sqlite/errors.ts'
import { titleStoresIn } from '../stores/title-stores.ts'

const TRIES = 50
const PAUSE_MS = 200

/** Lets a running service copy its data, or copies it itself. Waits for a service that is starting. */
export async function copyData(directory: string, draft: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const note = readNote(directory)
    if (note && (await askService(note, draft))) return
    try {
      await copyIdleDatabase(directory, draft)
      await titleStoresIn(directory, { now: () => 0, at: () => () => {} }).copyAll(draft)
      return copySessionSecret(directory, draft)
    } catch (fault) {
      if (!(fault instanceof StoreLockedError) || tries >= TRIES) throw fault
    }
    await pause(PAUSE_MS)
  }
}

function readNote(directory: string): ControlNote | null {
  try {
    return JSON.parse(readFileSync(controlPath(directory), 'utf8'))
  } catch {
    return null
  }
}

/** Asks a service for the copy; false when none runs. Rejects with the service's message when it fails. */
async function askService({ port, token }: ControlNote, draft: string): Promise<boolean> {
  const request = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: draft }
  const answer = await fetch(`http://127.0.0.1:${port}/backup`, request).catch(() => null)
  // After a crash the note is stale, and another program may use its port.
  if (answer === null || answer.status === 401 || answer.status === 404) return false
  if (!answer.ok) throw new Unusable(`the service could not write the backup: ${await answer.text()}`)
  return true
}
