/** What an address or a typed code asks for; of a code alone one cannot tell which it is. */
export interface Invitation {
  to: 'lobby' | 'party' | 'either'
  code: string
}
const PARAMETERS = { join: 'lobby', party: 'party' } as const

/** The invitation that this page was opened with. It is used once: afterwards the address is the page's own. */
export function takeInvitation(): Invitation | null {
  const invitation = invitationIn(new URL(location.href))
  if (invitation) history.replaceState(null, '', location.pathname)
  return invitation
}

/** What somebody has typed or pasted: a code, or a whole link. */
export const readInvitation = (text: string): Invitation | null =>
  (URL.canParse(text) && invitationIn(new URL(text))) || (text === '' ? null : { to: 'either', code: text })

export const linkTo = (to: keyof typeof PARAMETERS, code: string): string =>
  `${location.origin}${location.pathname}?${to}=${encodeURIComponent(code)}`

function invitationIn({ searchParams }: URL): Invitation | null {
  for (const [name, to] of Object.entries(PARAMETERS)) {
    const code = searchParams.get(name)
    if (code) return { to, code }
  }
  return null
}
