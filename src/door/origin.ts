import type { IncomingMessage } from 'node:http'

/**
 * Whether a page of this origin may connect: the server's own pages, or one that is on the list. Browsers do not hold
 * WebSockets to CORS, so this check is the only one. Clients other than browsers send no origin and may always connect.
 */
export function isOriginAllowed({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers
  if (origin === undefined || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
