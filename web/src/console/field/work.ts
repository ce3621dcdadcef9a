// What the pages about the work in the field share.
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']
export type ErrandRow = Schemas['ErrandRowOut']
export type Errand = Schemas['ErrandOut']
/** As a list holds it, where a pair is an array. */
export type PatrolPlan = Omit<Schemas['PatrolPlanOut'], 'route'> & { route: number[][] | null }
export type PatrolDay = Schemas['PatrolDayOut']
export type Visited = Schemas['SubjectOut']
export type VisitsKept = Schemas['VisitsKeptOut']
export type FieldForm = Schemas['FormOut']
export type FormCard = Schemas['FormCardOut']
export type HandedIn = Schemas['HandedInOut']
export type HandedInRow = Schemas['HandedInRowOut']

export const KINDS = ['verify', 'inspect', 'respond', 'rectify', 'recheck', 'collect', 'other'] as const
export const ERRAND_TONES: Record<string, 'amber' | 'blue' | 'green' | 'grey'> = {
  given: 'amber',
  signed: 'blue',
  set_out: 'blue',
  arrived: 'blue',
  done: 'green',
  handed_up: 'green',
}

export const VISIT_KINDS = ['household', 'dwelling', 'shop', 'site'] as const
export const LEVELS = ['a', 'b', 'c', 'd'] as const
export const FORM_KINDS = ['visit', 'collect', 'inspect', 'patrol', 'errand'] as const
export const ENTRY_TONES: Record<string, 'amber' | 'green' | 'red'> = {
  waiting: 'amber',
  done: 'green',
  refused: 'red',
}

const STEPS = [
  'given',
  'sign',
  'set_out',
  'arrive',
  'finish',
  'hand_up',
  'return',
  'ask_time',
  'granted',
  'denied',
  'withdrawn',
  'added',
] as const
const SAID_OTHERWISE: Record<string, (typeof STEPS)[number]> = {
  signed: 'sign',
  arrived: 'arrive',
  done: 'finish',
  handed_up: 'hand_up',
  returned: 'return',
  time_asked: 'ask_time',
  asked: 'ask_time',
  time_granted: 'granted',
  time_denied: 'denied',
}

/** The word for a step; one that is not known here is said to be a change. */
export function stepKey(kind: string): (typeof STEPS)[number] | 'other' {
  return STEPS.find((step) => step === kind) ?? SAID_OTHERWISE[kind] ?? 'other'
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
