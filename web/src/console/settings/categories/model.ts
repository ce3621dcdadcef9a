// A category as its editor holds it, and what of it is sent.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

import type { LimitKind } from '../../cases/model'

type Schemas = components['schemas']

export type Scheme = Schemas['SchemeOut']
export type Row = Schemas['CategoryOut']
export type Card = Schemas['CategoryCardOut']
export type Tried = Schemas['TriedLimitOut']
export type Urgency = Schemas['Urgency']
export type PhotoType = Schemas['PhotoType']

export const STAGES = ['respond', 'dispatch', 'sign', 'handle', 'review'] as const
export type Stage = (typeof STAGES)[number]
export const PHOTOS: readonly PhotoType[] = ['near', 'far', 'reference', 'before', 'after']
export const LEVELS = ['community', 'street', 'district'] as const

export interface LimitDraft {
  kind: LimitKind
  amount: number | undefined
}
export type Limits = Partial<Record<string, LimitDraft>>

export interface ConditionDraft {
  accept_when: string
  close_when: string
  limits: Limits
  unit_id: number | null
  unit_text: string
  legal_basis: string
  legal_text: string
}
export interface StepDraft {
  name_zh: string
  name_en: string
  unit_id: number | null
  unit: string
  limit: LimitDraft | null
}

export interface Draft {
  name_zh: string
  name_en: string
  urgency: Urgency
  limits: Limits
  evidence: PhotoType[]
  first_handler: string
  supervisor: string
  legal_basis: string
  collect: string
  settle_on_spot: boolean
  is_complaint: boolean
  is_active: boolean
  successor_id: number | null
  conditions: ConditionDraft[]
  procedure: StepDraft[]
}

export function draftOf(card: Card): Draft {
  return {
    name_zh: card.name_zh,
    name_en: card.name_en,
    urgency: card.urgency as Urgency,
    limits: limitsOf(card.own_limits),
    evidence: card.evidence as PhotoType[],
    first_handler: card.first_handler,
    supervisor: card.supervisor,
    legal_basis: card.legal_basis,
    collect: card.collect,
    settle_on_spot: card.settle_on_spot,
    is_complaint: card.is_complaint,
    is_active: card.is_active,
    successor_id: card.successor_id ?? null,
    conditions: card.conditions.map(({ limits, unit_id, ...one }) => ({
      accept_when: one.accept_when,
      close_when: one.close_when,
      limits: limitsOf(limits),
      unit_id: unit_id ?? null,
      unit_text: one.unit_text,
      legal_basis: one.legal_basis,
      legal_text: one.legal_text,
    })),
    procedure: card.procedure.map(({ name_zh, name_en, unit_id, unit, limit }) => ({
      name_zh,
      name_en,
      unit_id: unit_id ?? null,
      unit,
      limit: limit ? limitOf(limit) : null,
    })),
  }
}

/** Only what differs: what another person changed meanwhile stays theirs. */
export function changes(draft: Draft, before: Draft): Schemas['CategoryPatch'] {
  const differs = (name: keyof Draft) => JSON.stringify(draft[name]) !== JSON.stringify(before[name])
  const patch: Record<string, unknown> = {}
  for (const name of Object.keys(draft) as (keyof Draft)[]) {
    if (!differs(name)) continue
    if (name === 'limits') patch[name] = sentLimits(draft.limits)
    else if (name === 'conditions') patch[name] = draft.conditions.map(sentCondition)
    else if (name === 'procedure') patch[name] = draft.procedure.map(sentStep)
    else patch[name] = draft[name]
  }
  return patch
}

export function sentLimits(limits: Limits): Record<string, Schemas['LimitIn']> {
  const given = Object.entries(limits).filter(([, limit]) => limit?.amount !== undefined)
  return Object.fromEntries(given.map(([stage, limit]) => [stage, sentLimit(limit as LimitDraft)]))
}

export function emptyCondition(): ConditionDraft {
  return {
    accept_when: '',
    close_when: '',
    limits: {},
    unit_id: null,
    unit_text: '',
    legal_basis: '',
    legal_text: '',
  }
}

export function emptyStep(): StepDraft {
  return { name_zh: '', name_en: '', unit_id: null, unit: '', limit: null }
}

export function loadCard(id: number): Promise<Card> {
  return call(api.GET('/api/categories/{category_id}', { params: { path: { category_id: id } } }))
}

export function loadRows(scheme: Scheme): Promise<Row[]> {
  const query = { scheme: scheme.code, version: scheme.version, everything: true }
  return call(api.GET('/api/categories', { params: { query } }))
}

export function tryLimits(
  asked: { category_id?: number | null; limits: Limits },
  signal: AbortSignal,
): Promise<Tried[]> {
  const body = {
    limits: sentLimits(asked.limits),
    ...(asked.category_id ? { category_id: asked.category_id } : {}),
  }
  return call(api.POST('/api/categories/try-limits', { body, signal }))
}

function limitsOf(limits: Record<string, Schemas['LimitOut']>): Limits {
  return Object.fromEntries(Object.entries(limits).map(([stage, limit]) => [stage, limitOf(limit)]))
}

function limitOf(limit: Schemas['LimitOut']): LimitDraft {
  return { kind: limit.kind as LimitKind, amount: Number(limit.amount) }
}

function sentLimit({ kind, amount }: LimitDraft): Schemas['LimitIn'] {
  return { kind, amount: String(amount ?? 0) }
}

function sentCondition({ limits, ...one }: ConditionDraft): Schemas['ConditionIn'] {
  return { ...one, limits: sentLimits(limits) }
}

function sentStep({ name_zh, name_en, unit_id, limit }: StepDraft): Schemas['ProcedureStepIn'] {
  return { name_zh, name_en, unit_id, limit: limit?.amount === undefined ? null : sentLimit(limit) }
}
