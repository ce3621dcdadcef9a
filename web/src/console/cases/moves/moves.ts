// From what a move needs to the form that asks it, and from the form to what is sent. Pure.
import type { LadderStep, LimitKind, Outcome, UnitChoice, Urgency } from '../model'

/** What the server offers now for one case: which move, its name, and what it needs. */
export interface Offered {
  kind: string
  label: string
  needs: string[]
  /** Beginning it takes the case up; it waits while another seat has it. */
  claims: boolean
}

export type Field =
  | 'reason'
  | 'text'
  | 'unit'
  | 'assist'
  | 'limit'
  | 'outcome'
  | 'evidence'
  | 'score'
  | 'solved'
  | 'ladder'
  | 'procedure'
  | 'case'
  | 'units'
  | 'scores'
  | 'place'
  | 'correction'
  | 'category'
  | 'centreOnly'

export interface Asked {
  field: Field
  required: boolean
}

export interface MoveValues {
  reason: string
  text: string
  unit: UnitChoice | undefined
  assist: UnitChoice[]
  units: UnitChoice[]
  limit: { kind: LimitKind; amount: number | undefined }
  outcome: Outcome | ''
  evidence: string[]
  score: number
  /** By the unit's id. */
  scores: Record<string, number>
  comments: Record<string, string>
  /** Ids of the units that came: each wants a score. */
  toRate: number[]
  solved: boolean | undefined
  ladder: LadderStep | ''
  /** Number of the procedure's step. */
  procedure: number | undefined
  /** Id of the case to join this one to. */
  case: string
  place: { lon: number; lat: number } | undefined
  /** Id of the unit whose arrival is reported; undefined: one's own. */
  arrived: number | undefined
  correction: Correction
  centreOnly: boolean
}

export interface Correction {
  title: string
  category_id: number | undefined
  urgency: Urgency
  address: string
  place: { lon: number; lat: number } | undefined
}

/** Done at one press: nothing to ask, and it can be taken back. */
const AT_ONCE = new Set(['accept', 'sign', 'pass', 'resume'])
/** Nothing to ask, but worth a question. */
const CONFIRMED = new Set(['archive', 'grant_extension'])
/** Keys of the keyboard for what a day consists of. */
export const MOVE_KEYS: Record<string, string> = {
  accept: 'a',
  dispatch: 'd',
  sign: 's',
  finish: 'f',
  pass: 'p',
  close: 'c',
  rework: 'w',
  return: 't',
  note: 'n',
  refuse: 'u',
  contact: 'i',
  correct: 'b',
  transfer: 'y',
  recall: 'l',
  hand_up: 'h',
  supervise: 'v',
  receipt: 'q',
  rate: 'e',
  archive: 'z',
}
/** The step forward from each state comes first; what seldom happens goes behind "more". */
const FORWARD = [
  'accept',
  'dispatch',
  'sign',
  'finish',
  'pass',
  'close',
  'confirm_whistle',
  'arrive',
  'receipt',
  'grant_extension',
  'resume',
  'end_whistle',
]
const SELDOM = new Set([
  'contact',
  'correct',
  'hand_up',
  'archive',
  'join',
  'separate',
  'suspend',
  'whistle',
  'reopen',
  'recall',
  'supervise',
  'note',
])

const FIELD_OF: Record<string, Field> = {
  reason: 'reason',
  text: 'text',
  unit: 'unit',
  limit: 'limit',
  outcome: 'outcome',
  evidence: 'evidence',
  score: 'score',
  case: 'case',
  units: 'units',
  place: 'place',
  category: 'correction',
  doubts: 'text',
}

/** Worth asking though not needed. */
const OPTIONAL: Record<string, Field[]> = {
  dispatch: ['assist', 'limit', 'text'],
  transfer: ['assist', 'limit'],
  finish: ['evidence'],
  settle: ['evidence'],
  assist_done: ['evidence'],
  close: ['text', 'evidence'],
  rate: ['solved', 'text'],
  note: ['evidence', 'centreOnly'],
  sign_step: ['text'],
  join: ['text'],
  confirm_whistle: ['text'],
  end_whistle: ['text'],
  arrive: ['text'],
  correct: ['correction', 'text'],
}

/** Seldom ones that stand in the open while there is nothing usual to do. */
const FEW = 3

/** What the form of a move asks, in order: what it needs, then what may be said besides. */
export function fieldsOf({ kind, needs }: Offered): Asked[] {
  const needed = needs.map((need): Asked => ({ field: fieldFor(need, kind), required: true }))
  const known = new Set(needed.map(({ field }) => field))
  const more = (OPTIONAL[kind] ?? []).filter((field) => !known.has(field))
  return [...needed, ...more.map((field): Asked => ({ field, required: false }))]
}

/** True when a press does it: no form. */
export function isAtOnce({ kind, needs }: Offered): boolean {
  return needs.length === 0 && (AT_ONCE.has(kind) || CONFIRMED.has(kind))
}

export function isConfirmed({ kind }: Offered): boolean {
  return CONFIRMED.has(kind)
}

/** Two rows: what is usual now, and what hides behind "more". The usual step forward is first. */
export function arranged<M extends Offered>(moves: readonly M[]): { usual: M[]; seldom: M[] } {
  const rank = ({ kind }: Offered) => {
    const place = FORWARD.indexOf(kind)
    return place < 0 ? FORWARD.length : place
  }
  const sorted = [...moves].sort((one, other) => rank(one) - rank(other))
  const usual = sorted.filter(({ kind }) => !SELDOM.has(kind))
  const seldom = sorted.filter(({ kind }) => SELDOM.has(kind))
  // A lonely "more" would hide all there is.
  return usual.length > 0 ? { usual, seldom } : { usual: seldom.slice(0, FEW), seldom: seldom.slice(FEW) }
}

export function isForward({ kind }: Offered): boolean {
  return FORWARD.includes(kind)
}

/** The fields that still lack what the move needs, as message keys. */
export function missing(asked: readonly Asked[], values: MoveValues): Partial<Record<Field, string>> {
  return Object.fromEntries(
    asked
      .filter(({ field, required }) => required && isEmpty(field, values))
      .map(({ field }) => [field, `cases.missing.${field}`]),
  )
}

/** The body of the call. `version` is the one on the screen: another one meanwhile answers 409. */
export function bodyOf(
  { kind }: Offered,
  asked: readonly Asked[],
  values: MoveValues,
  version: number,
): Record<string, unknown> {
  const body: Record<string, unknown> = UNVERSIONED.has(kind) ? {} : { version }
  for (const { field } of asked) Object.assign(body, part(field, values))
  return body
}

const UNVERSIONED = new Set(['rate', 'note', 'assist_done', 'arrive'])

function fieldFor(need: string, kind: string): Field {
  if (need === 'step') return kind === 'supervise' ? 'ladder' : 'procedure'
  if (need === 'score' && kind === 'end_whistle') return 'scores'
  // Who settles on the spot says what it was; the rest of a report is the centre's to put right.
  if (need === 'category' && kind === 'settle') return 'category'
  return FIELD_OF[need] ?? 'text'
}

function isEmpty(field: Field, values: MoveValues): boolean {
  switch (field) {
    case 'reason':
    case 'text':
      return values[field].trim().length < 2
    case 'evidence':
    case 'units':
      return values[field].length === 0
    case 'limit':
      return !values.limit.amount
    case 'correction':
    case 'category':
      return values.correction.category_id === undefined
    case 'scores':
      return values.toRate.some((unit) => !values.scores[unit])
    default:
      return values[field] === undefined || values[field] === '' || values[field] === 0
  }
}

function part(field: Field, values: MoveValues): Record<string, unknown> {
  switch (field) {
    case 'reason':
    case 'text':
      return values[field].trim() ? { [field]: values[field].trim() } : {}
    case 'unit':
      return { lead_id: values.unit?.id }
    case 'assist':
      return values.assist.length > 0 ? { assist_ids: values.assist.map(({ id }) => id) } : {}
    case 'units':
      return { unit_ids: values.units.map(({ id }) => id) }
    case 'limit':
      return values.limit.amount
        ? { limit: { kind: values.limit.kind, amount: String(values.limit.amount) } }
        : {}
    case 'evidence':
      return values.evidence.length > 0 ? { evidence: values.evidence } : {}
    case 'ladder':
      return { step: values.ladder }
    case 'procedure':
      return { number: values.procedure }
    case 'case':
      return { into_id: values.case }
    case 'scores':
      return {
        ratings: Object.entries(values.scores)
          .filter(([, score]) => score > 0)
          .map(([unit, score]) => ({ unit_id: Number(unit), score, ...said(values.comments[unit]) })),
      }
    case 'solved':
      return values.solved === undefined ? {} : { solved: values.solved }
    case 'centreOnly':
      return values.centreOnly ? { centre_only: true } : {}
    case 'place':
      return { ...values.place, ...(values.arrived === undefined ? {} : { unit_id: values.arrived }) }
    case 'category':
      return { category_id: values.correction.category_id }
    case 'correction':
      return corrected(values.correction)
    default:
      return { [field]: values[field] }
  }
}

function said(comment: string | undefined): { comment?: string } {
  return comment?.trim() ? { comment: comment.trim() } : {}
}

function corrected({ place, ...rest }: Correction): Record<string, unknown> {
  return { ...rest, lon: place?.lon, lat: place?.lat }
}
