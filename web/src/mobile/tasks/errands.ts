// Errands as the phone shows them: the server's copy, with what was done here and still waits to be sent put on top.
import { computed, shallowRef, watch, type ComputedRef } from 'vue'

import type { ErrandMove, ErrandOut, Pack, WorkerState } from '../field'
import { contentOf, entries, type Content } from '../queue/queue'

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
  state: 'waiting' | 'stopped'
  content: Content
}

/** Entries of one subject that are not yet carried out, in order. */
export function usePending(subject: () => string): ComputedRef<readonly Pending[]> {
  const found = shallowRef<readonly Pending[]>([])
  watch(
    [entries, subject],
    async ([rows, about]) => {
      const mine = rows.filter((row) => row.subject === about && row.state !== 'done' && !row.part)
      found.value = await Promise.all(
        mine.map(async (row) => ({
          id: row.id,
          state: row.state as Pending['state'],
          content: await contentOf(row),
        })),
      ).catch(() => [])
    },
    { immediate: true },
  )
  return computed(() => found.value)
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
