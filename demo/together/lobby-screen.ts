import type { LobbyView } from '../../src/client/client.ts'
import { byId, setText } from '../dom.ts'
import { linkTo } from '../invitation.ts'
import { show } from '../screens/show.ts'
import { createMembers } from './members.ts'
import { createShare } from './share.ts'
import { createTeams } from './teams.ts'
import { leastOf, titleOf } from './titles.ts'

interface LobbyButtons {
  ready(ready: boolean): void
  start(): void
  lock(locked: boolean): void
  team(team: number): void
  promote(playerId: string): void
  kick(playerId: string): void
}
const TICK_MS = 500
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** The lobby screen: members, the link for friends, and the start. */
export function createLobbyScreen(buttons: LobbyButtons) {
  const ready = byId('ready', HTMLButtonElement)
  const start = byId('start', HTMLButtonElement)
  const lock = byId('lock', HTMLButtonElement)
  const notice = byId('lobby-notice', HTMLParagraphElement)
  const listMembers = createMembers(buttons)
  const listTeams = createTeams(buttons.team)
  const share = createShare('join')
  let lobby: LobbyView | null = null
  let me = ''

  ready.addEventListener('click', () => buttons.ready(!isReady()))
  start.addEventListener('click', () => start.ariaDisabled !== 'true' && buttons.start())
  lock.addEventListener('click', () => lobby && buttons.lock(!lobby.locked))
  // Counts down the grace of members who are away.
  setInterval(() => lobby && render(lobby, me), TICK_MS)

  const isReady = () => lobby?.members.some(({ playerId, ready }) => playerId === me && ready) ?? false

  function render(now: LobbyView, mine: string): void {
    lobby = now
    me = mine
    const isHost = now.host === me
    const hint = hintFor(now, me)
    setText(byId('lobby-title', HTMLHeadingElement), now.name)
    setText(byId('lobby-about', HTMLParagraphElement), aboutOf(now))
    setText(byId('lobby-hint', HTMLParagraphElement), hint)
    listMembers(now, me)
    listTeams(now, me)
    share(linkTo('join', now.code))
    start.hidden = lock.hidden = !isHost
    ready.hidden = isHost
    start.ariaDisabled = hint === '' ? null : 'true'
    ready.className = isReady() ? 'secondary' : 'primary'
    setText(ready, isReady() ? 'Not ready' : 'I’m ready')
    setText(lock, now.locked ? 'Unlock the lobby' : 'Lock the lobby')
  }

  return {
    render,
    open(text = ''): void {
      setText(notice, text)
      show('lobby')
    },
    /** Shows why a button's request was refused; an empty text clears it. */
    say: (text: string) => setText(notice, text),
    close(): void {
      lobby = null
    },
  }
}

const aboutOf = ({ mode, visibility, hasPassword, locked, members, capacity }: LobbyView): string =>
  [
    titleOf(mode),
    visibility === 'private' ? 'only by link' : 'public',
    hasPassword ? 'password' : '',
    locked ? 'locked' : '',
    `${members.length} of ${capacity}`,
  ]
    .filter(Boolean)
    .join(' · ')

/** The members of each team, in modes with teams of more than one. */
const teamsOf = (mode: string, members: LobbyView['members']): number[] =>
  mode === 'doubles' ? [0, 1].map((team) => members.filter((member) => member.team === team).length) : []

/** What the start waits for, as far as a member sees; empty when only the host is needed. */
function hintFor({ state, mode, members, host }: LobbyView, me: string): string {
  const namesOf = (some: LobbyView['members']) => list.format(some.map(({ name }) => name))
  const away = members.filter(({ awayUntil }) => awayUntil !== null)
  const hesitant = members.filter(({ playerId, ready }) => playerId !== host && !ready)
  if (state === 'inMatch') return 'Their match still goes on. Wait here, or leave.'
  const missing = leastOf(mode) - members.length
  if (members.length === 1) return 'Nobody else is here yet. Share the link.'
  if (missing > 0) return `${missing} more ${missing > 1 ? 'players are' : 'player is'} needed. Share the link.`
  if (away.length > 0) return `Waiting for ${namesOf(away)} to come back`
  if (hesitant.some(({ playerId }) => playerId === me)) return 'Say when you are ready.'
  if (hesitant.length > 0) return `Waiting until ${namesOf(hesitant)} ${hesitant.length > 1 ? 'are' : 'is'} ready`
  const short = teamsOf(mode, members).findIndex((size) => size < leastOf(mode) / 2)
  if (short >= 0) return `Team ${short + 1} needs another player`
  return host === me ? '' : `Waiting for ${members.find(({ playerId }) => playerId === host)?.name} to start`
}
