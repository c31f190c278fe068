/** The target of an address or a typed code; a code alone may be of a lobby or a party. */
export interface Invitation {
  to: 'lobby' | 'party' | 'either'
  code: string
}
const PARAMETERS = { join: 'lobby', party: 'party' } as const

/** The invitation in the address of this page. It is used once and then removed from the address. */
export function takeInvitation(): Invitation | null {
  const invitation = invitationIn(new URL(location.href))
  if (invitation) history.replaceState(null, '', location.pathname)
  return invitation
}

/** Reads a typed or pasted code or link. */
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
