// What the pages about the work in the field share.
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']
export type ErrandRow = Schemas['ErrandRowOut']
export type Errand = Schemas['ErrandOut']
export type PatrolPlan = Omit<Schemas['PatrolPlanOut'], 'route'> & { route: number[][] | null }
export type PatrolDay = Schemas['PatrolDayOut']
export type Visited = Schemas['SubjectOut']
export type VisitsKept = Schemas['VisitsKeptOut']
export type FieldForm = Schemas['FormOut']
export type FormCard = Schemas['FormCardOut']
export type HandedIn = Schemas['HandedInOut']
export type HandedInRow = Schemas['HandedInRowOut']

export type ErrandKind = Schemas['ErrandKind']
/** Around what people are looked for: a case, or a point (WGS-84). */
export type Spot = { case_id: string } | { lon: number; lat: number }

export const KINDS: readonly ErrandKind[] = [
  'verify',
  'inspect',
  'respond',
  'rectify',
  'recheck',
  'collect',
  'other',
]
/** Kinds that are always about a case. */
export const ON_CASE: readonly ErrandKind[] = ['verify', 'inspect']
export const ERRAND_TONES: Record<string, 'amber' | 'blue' | 'green' | 'grey'> = {
  given: 'amber',
  signed: 'blue',
  set_out: 'blue',
  arrived: 'blue',
  done: 'green',
  handed_up: 'green',
  returned: 'grey',
  withdrawn: 'grey',
}

export const VISIT_KINDS = ['household', 'dwelling', 'shop', 'site'] as const
export const LEVELS = ['a', 'b', 'c', 'd'] as const
export const FORM_KINDS = ['visit', 'collect', 'inspect', 'patrol', 'errand'] as const
export const ENTRY_TONES: Record<string, 'amber' | 'green' | 'red'> = {
  waiting: 'amber',
  done: 'green',
  refused: 'red',
}

/** What a phone did, by the address it was to be sent to; `other` for what is not known here. */
const DEEDS: readonly [RegExp, string][] = [
  [/^\/api\/uploads\//, 'file'],
  [/^\/api\/cases$/, 'report'],
  [/^\/api\/cases\/[^/]+\/settle$/, 'settle'],
  [/^\/api\/cases\//, 'case_move'],
  [/^\/api\/field\/errands\//, 'errand_move'],
  [/^\/api\/field\/patrols\/[^/]+\/checks$/, 'check'],
  [/^\/api\/field\/patrols\/[^/]+\/end$/, 'round_end'],
  [/^\/api\/field\/records$/, 'record'],
  [/^\/api\/field\/duty$/, 'duty_on'],
  [/^\/api\/field\/duty\//, 'duty_off'],
  [/^\/api\/orders\//, 'order'],
  [/^\/api\/notices\//, 'notice_read'],
]

const LATE_MS = 60_000

/** Out of a dead zone: both times are said then. */
export function cameLate(one: { happened_at: string; received_at: string }): boolean {
  return Date.parse(one.received_at) - Date.parse(one.happened_at) > LATE_MS
}

export function deedOf(path: string): string {
  const [bare = ''] = path.split('?')
  return DEEDS.find(([pattern]) => pattern.test(bare))?.[1] ?? 'other'
}

/** Questions of a form in its order: name, titles, and whether it must be answered or is sealed. */
export interface Question {
  name: string
  title: string
  isRequired: boolean
  isSecret: boolean
}

export function questionsOf(schema: Record<string, unknown>, english: boolean): Question[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
  return Object.entries(properties).map(([name, asked]) => ({
    name,
    title: String((english ? asked['x-title-en'] : undefined) ?? asked['title'] ?? name),
    isRequired: required.includes(name),
    isSecret: asked['x-secret'] === true,
  }))
}
