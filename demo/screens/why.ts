import type { Muster } from '../../src/client/client.ts'
import { asMinutes, secondsUntil } from '../clock.ts'
import { byId, setText } from '../dom.ts'

type Explanation = Extract<Awaited<ReturnType<typeof asked>>, { ok: true }>
const asked = (muster: Muster) => muster.queue.explain()

const RULES: Record<string, (count: number) => string> = {
  region: (count) => `${count} in other regions`,
  attributes: (count) => `${count} who want something else`,
  block: (count) => `${count} whom you blocked or just played with`,
  roles: (count) => `${count} whose roles do not fit`,
  size: (count) => `${count}, too few to fill a match`,
  rating: (count) => `${count} too far from your strength for now`,
}

/** Shows why there is no match yet; the text is refreshed while it is open. */
export function createWhy(muster: () => Muster | null, mates: () => number) {
  const button = byId('why', HTMLButtonElement)
  const text = byId('because', HTMLParagraphElement)
  let isOpen = false
  button.addEventListener('click', () => setOpen(!isOpen))

  function setOpen(open: boolean): void {
    isOpen = open
    button.ariaExpanded = `${open}`
    setText(text, '')
    void refresh()
  }

  async function refresh(): Promise<void> {
    const there = muster()
    const reply = isOpen && there ? await asked(there) : null
    if (reply && isOpen) setText(text, reply.ok ? wordsFor(reply, reply.searching - mates()) : reply.error.message)
  }

  return { refresh, close: () => setOpen(false) }
}

function wordsFor({ blockedBy, window: { anyoneAt } }: Explanation, searching: number): string {
  if (searching <= 0) return 'Nobody else is searching in your mode.'
  const others = searching === 1 ? 'One other is searching' : `${searching} others are searching`
  const reasons = Object.entries(blockedBy).flatMap(([rule, count]) => (count > 0 ? (RULES[rule]?.(count) ?? []) : []))
  if (reasons.length === 0) return `${others} in your mode: a match should be found soon.`
  const inTime = (blockedBy.rating ?? 0) > 0 && anyoneAt !== null ? ` ${patience(secondsUntil(anyoneAt))}` : ''
  return `${others} in your mode: ${reasons.join(', ')}.${inTime}`
}

const patience = (seconds: number): string =>
  seconds > 0
    ? `In ${asMinutes(seconds)} at the latest you are matched with anyone.`
    : 'By now you are matched with anyone.'
