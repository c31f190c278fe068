import * as z from 'zod'
import type { Mode } from '../../../config/modes.ts'
import type { Log } from '../../../ports.ts'
import type { TicketId } from '../../../protocol/ids.ts'
import * as s from '../../../protocol/schemas.ts'
import type { RecordStore } from '../../record-store.ts'
import type { Ticket } from './tickets.ts'

const kept = z.object({
  mode: s.modeId,
  members: z.array(z.object({ id: s.playerId, name: z.string() })).min(1),
  wishes: z.object({
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    latencies: z.record(z.string(), z.number()).optional(),
    roles: z.array(z.string()).optional(),
  }),
  queuedAt: s.epochMs,
  /** Older records do not have it. */
  lostMs: z.number().default(0),
  ratings: z.array(z.object({ mu: z.number(), sigma: z.number() })),
})

export type StoredTicket = Omit<
  Ticket,
  'state' | 'busy' | 'proposal' | 'cancelWait' | 'expectedWaitMs' | 'predictedWaitMs'
>
type Lost = Pick<Ticket, 'id' | 'members'>

export type TicketStore = ReturnType<typeof createTicketStore>

/** Tickets on record, so that they keep their age through a restart. */
export function createTicketStore(records: RecordStore, log: Log) {
  /** Ended tickets that could not be removed from the store yet. */
  const left = new Set<TicketId>()

  function forgetAll(ids: readonly TicketId[]): void {
    for (const id of ids) left.delete(id)
    records.write(ids.map((id) => ({ kind: 'ticket', id, value: null }))).catch((err: unknown) => {
      log.error({ tickets: ids.length, err }, 'tickets were not removed')
      for (const id of ids) left.add(id)
    })
  }

  /** Whether all of them are stored now. */
  function putAll(tickets: readonly Ticket[]): Promise<boolean> {
    const changes = tickets.map(({ id, mode, members, wishes, queuedAt, lostMs, ratings }) => {
      return { kind: 'ticket' as const, id, value: { mode: mode.id, members, wishes, queuedAt, lostMs, ratings } }
    })
    return records.write(changes).then(
      () => {
        if (left.size > 0) forgetAll([...left])
        return true
      },
      (err: unknown) => {
        log.error({ tickets: tickets.map(({ id }) => id), err }, 'tickets could not be stored')
        return false
      },
    )
  }

  return {
    /** Whether it is stored now. */
    put: (ticket: Ticket): Promise<boolean> => putAll([ticket]),
    putAll,
    /** Removes an ended ticket; if that fails, it is tried again when the next ticket is stored. */
    forget: ({ id }: Pick<Ticket, 'id'>): void => forgetAll([id]),
    /** The stored tickets, oldest first. `lost`: tickets that do not fit the modes any more; they are removed. */
    async load(modes: ReadonlyMap<string, Mode>): Promise<{ tickets: StoredTicket[]; lost: Lost[] }> {
      const found = (await records.load('ticket')).map(({ id, value }): StoredTicket | Lost => {
        const read = kept.safeParse(value)
        const mode = read.success ? modes.get(read.data.mode) : undefined
        return read.success && mode && read.data.members.length <= mode.teamSize
          ? { ...read.data, id: id as TicketId, mode }
          : { id: id as TicketId, members: read.data?.members ?? [] }
      })
      const lost = found.filter((one) => !('mode' in one))
      if (lost.length > 0) await records.write(lost.map(({ id }) => ({ kind: 'ticket', id, value: null })))
      const tickets = found.filter((one): one is StoredTicket => 'mode' in one)
      return { tickets: tickets.sort((a, b) => a.queuedAt - b.queuedAt), lost }
    },
  }
}
