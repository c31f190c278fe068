import type { LobbyId, PlayerId } from '../../../protocol/ids.ts'
import { accept, refuse } from '../../../protocol/reply.ts'
import { asFilter, type Filter, type Hides, type View } from './filter.ts'
import type { Listing, Page, Place } from './listing.ts'

export interface PagesParts {
  listing: Listing
  /** Tells by its host whether a lobby is hidden from the viewer; null when none is. */
  hides: (viewer: PlayerId) => Hides | null
}
const PAGE = 50
const MAX_PAGES = 256

/** The pages of the list. A page that many players ask for is made once, until the list changes. */
export function createPages({ listing, hides }: PagesParts) {
  const pages = new Map<string, Page>()
  let pagesVersion = 0

  /** A page for the viewer, and how many lobbies were looked at for it. */
  function list(viewer: PlayerId, { cursor, ...wanted }: Filter & { cursor?: string | undefined }) {
    const from = cursor === undefined ? null : placeFrom(cursor)
    if (cursor !== undefined && !from)
      return { reply: refuse('BAD_REQUEST', { because: 'this cursor is not one of ours' }), looks: 0 }
    const { filter, key } = asFilter(wanted, viewer, hides(viewer))
    const { page, looks } = pageOf(filter, `${key} ${cursor ?? ''}`, from)
    return { reply: replyWith(page, listing.version()), looks }
  }

  function pageOf(filter: View, key: string, from: Place | null): { page: Page; looks: number } {
    if (pagesVersion !== listing.version() || pages.size >= MAX_PAGES) pages.clear()
    pagesVersion = listing.version()
    const known = filter.hides ? undefined : pages.get(key)
    if (known) return { page: known, looks: 0 }
    const page = listing.page(filter, PAGE, from)
    if (!filter.hides) pages.set(key, page)
    return { page, looks: page.looks }
  }

  return list
}

/** The reply with a page of the list at that version. */
export const replyWith = ({ lobbies, next }: Page, version: number) =>
  accept({ lobbies, ...(next && { cursor: `${next.createdAt}.${next.id}` }), version })

function placeFrom(cursor: string): Place | null {
  const [, createdAt, id] = /^(\d{1,16})\.(.+)$/.exec(cursor) ?? []
  return createdAt && id ? { createdAt: Number(createdAt), id: id as LobbyId } : null
}
