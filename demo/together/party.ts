import type { Muster, PartyView, Refusal } from '../../src/client/client.ts'
import { byId, element, setText } from '../dom.ts'
import { linkTo } from '../invitation.ts'
import { createRows } from '../rows.ts'
import { initialOf } from '../view.ts'
import { createShare } from './share.ts'

type Member = PartyView['members'][number]

interface PartyParts {
  muster(): Muster | null
  /** Returns a connection under the typed name, or null. */
  enter(): Promise<Muster | null>
  changed(party: PartyView | null): void
}
const reasons = { kicked: 'You were removed from the party.', away: 'You were away for too long.', left: '' }

/** The player's party, which queues as one. */
export function createParty({ muster, enter, changed }: PartyParts) {
  const start = byId('party-create', HTMLButtonElement)
  const end = byId('party-leave', HTMLButtonElement)
  const some = byId('party-some', HTMLDivElement)
  const notice = byId('party-notice', HTMLParagraphElement)
  const share = createShare('party')
  const show = createRows<Member>(byId('party-members', HTMLUListElement), ({ playerId }) => playerId, newRow)
  let party: PartyView | null = null

  start.addEventListener('click', () => void create())
  end.addEventListener('click', () => void leave())

  function newRow({ playerId, name }: Member) {
    const item = element('li', 'person')
    const place = element('span', 'place', initialOf(name))
    const text = element('span', 'person-text')
    const status = element('span', 'person-status')
    const kick = element('button', 'small', 'Kick')
    kick.type = 'button'
    kick.ariaLabel = `Kick ${name} from the party`
    kick.addEventListener('click', () => void say(muster()?.party.kick({ playerId })))
    place.ariaHidden = 'true'
    text.append(element('span', 'person-name', name), status)
    item.append(place, text, kick)
    function update(member: Member): void {
      const me = muster()?.session.playerId
      const roles = [playerId === me ? 'you' : '', playerId === party?.leaderId ? 'leads' : '', awayOf(member)]
      item.dataset.status = member.status
      kick.hidden = party?.leaderId !== me || playerId === me
      setText(status, roles.filter(Boolean).join(' · '))
    }
    return { item, update }
  }

  async function say(asked: Promise<{ ok: true } | Refusal> | undefined): Promise<void> {
    const reply = await asked
    if (reply) setText(notice, reply.ok ? '' : reply.error.message)
  }

  function set(next: PartyView | null, text = ''): void {
    const hadFocus = next
      ? document.activeElement === start
      : [end, some].some((one) => one.contains(document.activeElement))
    party = next
    start.hidden = next !== null
    some.hidden = end.hidden = next === null
    setText(notice, text)
    show(next?.members ?? [])
    if (next) share(linkTo('party', next.code))
    if (hadFocus) (next ? byId('party-copy', HTMLButtonElement) : start).focus()
    changed(next)
  }

  async function create(): Promise<void> {
    const entrance = await enter()
    const reply = await entrance?.party.create()
    if (reply?.ok) set(reply.party)
    else if (reply) setText(notice, reply.error.message)
  }

  /** Joins by a code; resolves with the reason of a refusal, or an empty text. */
  async function join(code: string): Promise<string> {
    const entrance = await enter()
    const reply = await entrance?.party.join({ code })
    if (reply?.ok) set(reply.party)
    return reply && !reply.ok ? reply.error.message : ''
  }

  const leave = (): Promise<void> => say(muster()?.party.leave())

  return {
    view: () => party,
    set,
    join,
    hear: (there: Muster) =>
      void there.on('party:state', ({ party: next, reason }) => set(next, reason && reasons[reason])),
  }
}

const awayOf = ({ status }: Member): string => (status === 'away' ? 'away' : '')
