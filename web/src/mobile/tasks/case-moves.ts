// Which moves of a case a phone can make, and what is sent for them. The rest (dispatching, reviewing) is desk work.
import type { components } from '@/shared/api/schema'

import { now } from '@/shared/time/clock'

import type { Position } from '../place/position'
import type { NewEntry } from '../queue/queue'
import type { MoveValues } from './MoveForm.vue'

type CaseDetail = components['schemas']['CaseDetailOut']
type Move = components['schemas']['MoveOut']

/** Move → the last part of its address. */
const ADDRESS: Record<string, string> = {
  sign: 'sign',
  finish: 'finish',
  settle: 'settle',
  return: 'return',
  hand_up: 'hand-up',
  note: 'note',
  receipt: 'receipt',
  whistle: 'whistle',
  arrive: 'arrive',
  ask_extension: 'ask-extension',
  assist_done: 'assist-done',
}
const WITH_REASON = ['return', 'hand_up', 'whistle', 'ask_extension']
const WITH_PHOTOS = ['finish', 'settle', 'note', 'assist_done']
/** One tap: nothing to ask. */
const AT_ONCE = ['sign', 'arrive']
const ORDER = [
  'arrive',
  'sign',
  'finish',
  'settle',
  'assist_done',
  'receipt',
  'note',
  'ask_extension',
  'whistle',
  'hand_up',
  'return',
]

export function movesHere(moves: readonly Move[]): Move[] {
  return moves
    .filter(({ kind }) => kind in ADDRESS)
    .sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind))
}

export function isAtOnce({ kind }: Move): boolean {
  return AT_ONCE.includes(kind)
}

export function needsPlace({ kind }: Move): boolean {
  return kind === 'arrive'
}

export function takesPhotos({ kind }: Move): boolean {
  return WITH_PHOTOS.includes(kind)
}

export function needsPhoto({ needs }: Move): boolean {
  return needs.includes('evidence')
}

export function asksLimit({ needs }: Move): boolean {
  return needs.includes('limit')
}

export function asksCategory({ needs }: Move): boolean {
  return needs.includes('category')
}

/** `at`: where the phone is, which an arrival says. */
export function moveEntry(
  one: Pick<CaseDetail, 'id' | 'title' | 'version'>,
  move: Move,
  values: MoveValues | undefined,
  at: Position | undefined,
): NewEntry {
  return {
    operation: 'case_move',
    label: `${one.title} · ${move.label}`,
    method: 'POST',
    path: `/api/cases/${one.id}/${ADDRESS[move.kind] ?? move.kind}`,
    subject: `case:${one.id}`,
    body: bodyOf(one.version, move.kind, values, at),
  }
}

function bodyOf(
  version: number,
  kind: string,
  values: MoveValues | undefined,
  at: Position | undefined,
): unknown {
  const text = values?.text ?? ''
  // Sent maybe hours later: the minutes are counted to when they were there.
  if (kind === 'arrive')
    return { lon: at?.lon, lat: at?.lat, happened_at: new Date(now()).toISOString(), text }
  const words = WITH_REASON.includes(kind) ? { reason: text } : text ? { text } : {}
  return {
    // A note changes nothing that another could have changed meanwhile.
    ...(kind === 'note' ? {} : { version }),
    ...words,
    ...(values?.limit ? { limit: values.limit } : {}),
    ...(kind === 'settle' ? { outcome: 'solved' } : {}),
    ...(values?.category ? { category_id: values.category } : {}),
    ...(WITH_PHOTOS.includes(kind) ? { evidence: values?.pieces.map(({ id }) => id) ?? [] } : {}),
  }
}
