// The queues that seats know, as the server names them.
export const QUEUES = [
  'mine',
  'to_accept',
  'to_dispatch',
  'to_sign',
  'handling',
  'to_review',
  'to_close',
  'amber',
  'overdue',
  'supervised',
  'returned',
  'suspended',
  'open',
  'to_extend',
] as const
export type Queue = (typeof QUEUES)[number]

/** The list knows what is done, too. */
export const LIST_QUEUES = ['all', ...QUEUES, 'closed'] as const

export const SORTS = ['newest', 'due', 'oldest'] as const
export type Sort = (typeof SORTS)[number]

/** The state that makes a queue, where one state alone does: a row that left it needs no question. */
const IN_STATE: Partial<Record<Queue, string>> = {
  to_accept: 'reported',
  to_dispatch: 'accepted',
  to_sign: 'dispatched',
  handling: 'handling',
  suspended: 'suspended',
  to_review: 'handled',
  to_close: 'reviewed',
  to_extend: 'handling',
}
const DONE = new Set(['closed', 'archived', 'refused', 'joined'])

/** False when the row can no longer be in the queue; true when it may be. */
export function mayBeIn(queue: Queue, state: string): boolean {
  const wanted = IN_STATE[queue]
  return wanted === undefined ? !DONE.has(state) : wanted === state
}
