// What a case is to the pages: names for the server's own types. Nothing here is typed by hand but the words.
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']

export type EvidencePiece = Schemas['EvidenceOut']
export type Unit = Schemas['UnitOut']
export type Outcome = Schemas['Outcome']
export type Source = Schemas['Source']
export type Urgency = Schemas['Urgency']
export type LimitKind = Schemas['LimitKind']
export type LadderStep = Schemas['LadderStep']

export const STATES = [
  'reported',
  'accepted',
  'dispatched',
  'handling',
  'suspended',
  'handled',
  'reviewed',
  'closed',
  'archived',
  'refused',
  'joined',
] as const
export type State = (typeof STATES)[number]

export const OUTCOMES: readonly Outcome[] = ['solved', 'partly', 'explained', 'unfounded']
export const URGENCIES: readonly Urgency[] = ['normal', 'urgent', 'emergency']
export const SOURCES: readonly Source[] = [
  'telephone',
  'walk_in',
  'leader',
  'grid',
  'resident',
  'partner',
  'file',
  'superior',
  'video',
  'sensor',
]
export const LIMIT_KINDS: readonly LimitKind[] = [
  'work_hours',
  'work_days',
  'natural_hours',
  'natural_days',
  'urgent_hours',
  'minutes',
]
export const LADDER: readonly LadderStep[] = ['remind', 'urge', 'supervise', 'yellow_card', 'red_card']

export type Category = Schemas['CategoryOut']
export type CategoryGuess = Schemas['GuessOut']
export type Revealed = Schemas['RevealedOut']
export type Purpose = Schemas['Purpose']
export const PURPOSES: readonly Purpose[] = ['call_back', 'verify', 'on_site', 'rescue', 'legal']

// PROVISIONAL
export interface Named {
  code: string
  name: string
}
export interface CaseRow {
  id: string
  number: string
  title: string
  state: string
  urgency: string
  category: { id: number; name: string; path: string } | null
  address: string
  grid: Named
  holder: { id: number; name: string }
  lead: { id: number; name: string } | null
  source: string
  reported_at: string
  due_at: string | null
  amber_at: string | null
  due_stage: string
  is_overdue: boolean
  supervision: number
  returns: number
  reworks: number
  satisfaction: number | null
  lon: number | null
  lat: number | null
  version: number
}
export interface Clock {
  stage: string
  step: number
  unit: string
  started_at: string
  due_at: string | null
  amber_at: string | null
  paused_at: string | null
  met_at: string | null
  dropped_at: string | null
  is_late: boolean
  trace: string[]
}
export interface StepLine {
  id: number
  kind: string
  label: string
  at: string
  by_name: string
  by_unit: string
  text: string
  lines: string[]
  state: string
  centre_only: boolean
}
export interface CaseDetail extends Omit<CaseRow, 'category'> {
  category: { id: number; name: string; path: string; full_name: string; evidence: string[] } | null
  description: string
  outcome: string
  happened_at: string | null
  complained: { id: number; name: string } | null
  steps: StepLine[]
  clocks: Clock[]
  procedure: { number: number; name: string; unit: string; signed_at: string | null }[]
  assignments: {
    id: number
    unit: string
    unit_id: number
    role: string
    dispatched_at: string
    signed_at: string | null
    finished_at: string | null
    ended_at: string | null
    ended_how: string
  }[]
  extensions: {
    id: number
    unit: string
    limit: string
    reason: string
    asked_at: string
    decided_at: string | null
    granted: boolean | null
    decision: string
  }[]
  whistles: {
    id: string
    number: string
    by_name: string
    reason: string
    called_at: string
    confirmed_at: string | null
    refused_at: string | null
    refusal: string
    ended_at: string | null
    musters: {
      unit_id: number
      unit: string
      called_at: string
      arrived_at: string | null
      distance_m: number | null
      score: number | null
    }[]
  }[]
  supervisions: {
    id: number
    step: number
    by_rule: boolean
    unit: string
    text: string
    at: string
    receipt_at: string | null
    receipt_text: string
    receipt_by: string
  }[]
  evidence: EvidencePiece[]
  reporters:
    | {
        name: string
        phone: string
        is_anonymous: boolean
        is_confidential: boolean
        wants_call: boolean
        is_follower: boolean
      }[]
    | null
  related: { id: string; number: string; title: string; state: string; how: string }[]
  moves: { kind: string; label: string; needs: string[] }[]
}
export interface Suggestion {
  unit: Unit
  why: string
}
export interface Duplicate {
  id: string
  number: string
  title: string
  state: string
  why: string
  reported_at: string
}
