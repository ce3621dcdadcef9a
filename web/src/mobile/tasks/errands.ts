// Errands as the phone shows them: the server's copy, with what was done here and still waits to be sent put on top.
import { computed, shallowRef, watch, type ComputedRef } from 'vue'

import type { ErrandMove, ErrandOut, Pack, WorkerState } from '../field'
import type { State } from '../queue/machine'
import { contentOf, entries, type Content } from '../queue/queue'
import { db } from '../store/db'

const SHEETS = '/api/field/records'

/** What a move makes of the worker's state. */
export const STATE_AFTER: Partial<Record<ErrandMove, WorkerState>> = {
  sign: 'signed',
  set_out: 'set_out',
  arrive: 'arrived',
  finish: 'done',
  hand_up: 'handed_up',
  return: 'returned',
}
const ENDED: WorkerState[] = ['done', 'handed_up', 'returned', 'withdrawn']

export function openErrands(pack: Pack | undefined): ErrandOut[] {
  return (pack?.errands ?? [])
    .filter(({ state, mine }) => state === 'open' && mine && !ENDED.includes(mine.state))
    .sort(byUrgency)
}

/** Urgent first, then what is due soonest. */
function byUrgency(one: ErrandOut, other: ErrandOut): number {
  if (one.urgent !== other.urgent) return one.urgent ? -1 : 1
  return (clockOf(one)?.until ?? '9').localeCompare(clockOf(other)?.until ?? '9')
}

export interface Clock {
  kind: 'answer' | 'arrive' | 'due'
  /** ISO. */
  until: string
}

/** What runs against me now: to answer, to be there, to be done. */
export function clockOf({ mine, due_at: due }: ErrandOut): Clock | undefined {
  if (mine?.state === 'given' && mine.answer_due_at) return { kind: 'answer', until: mine.answer_due_at }
  const isUnderWay = mine?.state === 'given' || mine?.state === 'signed' || mine?.state === 'set_out'
  if (isUnderWay && mine.arrive_due_at) return { kind: 'arrive', until: mine.arrive_due_at }
  return due ? { kind: 'due', until: due } : undefined
}

export interface Pending {
  id: string
  /** `done`: carried out, and not yet in the copy that is shown. */
  state: State
  content: Content
}

/**
 * Entries of one subject that the copy on this phone does not know of, in order: not carried out yet, or later than the
 * copy was asked for (`copyAt`, ms). Without these a button would come back, and be pressed again, until the next copy.
 */
export function usePending(subject: () => string, copyAt: () => number): ComputedRef<readonly Pending[]> {
  const found = shallowRef<readonly Pending[]>([])
  watch(
    [entries, subject, copyAt],
    async ([rows, about, known]) => {
      const mine = rows.filter(
        (row) => row.subject === about && !row.part && (row.state !== 'done' || (row.doneAt ?? 0) > known),
      )
      found.value = await Promise.all(
        mine.map(async (row) => ({ id: row.id, state: row.state, content: await contentOf(row) })),
      ).catch(() => [])
    },
    { immediate: true },
  )
  return computed(() => found.value)
}

/** Sheets filled in for a task that are still to be sent, whatever they are about: it is finished after them. */
export async function unsentSheets(errand: string): Promise<string[]> {
  const open = await db.entries.where('state').anyOf('waiting', 'stopped').toArray()
  const known = await Promise.all(open.map(async (row) => ({ id: row.id, content: await contentOf(row) })))
  return known
    .filter(({ content: { path, body } }) => path === SHEETS && errandOf(body) === errand)
    .map(({ id }) => id)
}

function errandOf(body: unknown): string | undefined {
  return (body as { errand_id?: string } | null)?.errand_id
}

/** Moves that make sense once these have been sent as well. */
export function movesAfter(moves: readonly ErrandMove[], pending: readonly Pending[]): ErrandMove[] {
  const done = pending.map(({ content }) => (content.body as { move?: ErrandMove }).move)
  const order: ErrandMove[] = ['sign', 'set_out', 'arrive']
  const furthest = Math.max(-1, ...done.map((move) => (move ? order.indexOf(move) : -1)))
  const isOver = done.some((move) => move && ENDED.includes(STATE_AFTER[move] ?? 'given'))
  if (isOver) return []
  return moves.filter((move) => !order.includes(move) || order.indexOf(move) > furthest)
}
