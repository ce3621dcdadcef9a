// One move for many cases: what is said of all alike, what the server foresees for each, and what is sent of each.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

import type { LadderStep, LimitKind, Outcome, UnitChoice } from '../model'

type Schemas = components['schemas']
export type Previewed = Schemas['PreviewedOut']
export type PreviewOfMany = Schemas['PreviewMovesOut']
/** What the server fills in may be left out. */
export type Matching = Partial<NonNullable<Schemas['PreviewMovesIn']['matching']>>
type Asked = Schemas['PreviewMovesIn']
type Sent = Partial<Asked['given']>

export const KINDS = ['accept', 'dispatch', 'sign', 'pass', 'close', 'archive', 'supervise'] as const
export type Kind = (typeof KINDS)[number]

/** Each is taken up by whoever may make the move at all; the server says of each case whether it may be made now. */
export const PERMISSION: Record<Kind, string> = {
  accept: 'case.accept',
  dispatch: 'case.dispatch',
  sign: 'case.handle',
  pass: 'case.review',
  close: 'case.review',
  archive: 'case.archive',
  supervise: 'case.supervise',
}

export interface Given {
  text: string
  /** Each to the unit that is suggested for it first. */
  suggested: boolean
  unit: UnitChoice | undefined
  assist: UnitChoice[]
  limit: { kind: LimitKind; amount: number | undefined }
  outcome: Outcome | ''
  ladder: LadderStep | ''
}

/** Which cases: those chosen, or all that match. */
export type Which = { ids: readonly string[] } | { matching: Matching }

export function emptyGiven(): Given {
  return {
    text: '',
    suggested: true,
    unit: undefined,
    assist: [],
    limit: { kind: 'work_hours', amount: undefined },
    outcome: '',
    ladder: '',
  }
}

export function previewMany(
  kind: Kind,
  which: Which,
  given: Given,
  signal: AbortSignal,
): Promise<PreviewOfMany> {
  const cases = 'ids' in which ? { case_ids: [...which.ids] } : { matching: which.matching }
  const body = { move: kind, ...cases, given: asGiven(kind, given) } as Asked
  return call(api.POST('/api/cases/moves/preview', { body, signal }))
}

/** What is missing before anything can be foreseen, as a message key. */
export function lacking(kind: Kind, given: Given): string | undefined {
  if (kind === 'dispatch' && !given.suggested && !given.unit) return 'cases.missing.unit'
  if (kind === 'close' && !given.outcome) return 'cases.missing.outcome'
  if (kind === 'supervise' && !given.ladder) return 'cases.missing.ladder'
  if (kind === 'supervise' && given.text.trim().length < 2) return 'cases.missing.text'
  return undefined
}

/** The body of one case's own move: as foreseen, for the version that was looked at. */
export function bodyOfOne(kind: Kind, given: Given, { version, lead }: Previewed): Record<string, unknown> {
  const { lead_id, ...rest } = asGiven(kind, given)
  const unit = kind === 'dispatch' ? { lead_id: lead_id ?? lead?.id } : {}
  return { version, ...rest, ...unit }
}

function asGiven(kind: Kind, given: Given): Sent {
  const text = given.text.trim()
  const words = text ? { text } : {}
  switch (kind) {
    case 'dispatch':
      return {
        ...words,
        ...(given.suggested ? {} : { lead_id: given.unit?.id ?? null }),
        ...(given.assist.length > 0 ? { assist_ids: given.assist.map(({ id }) => id) } : {}),
        ...(given.limit.amount
          ? { limit: { kind: given.limit.kind, amount: String(given.limit.amount) } }
          : {}),
      }
    case 'close':
      return { ...words, ...(given.outcome ? { outcome: given.outcome } : {}) }
    case 'supervise':
      return { ...words, ...(given.ladder ? { step: given.ladder } : {}) }
    default:
      return words
  }
}
