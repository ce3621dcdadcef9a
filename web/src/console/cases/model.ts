// What a case is to the pages: names for the server's own types. Nothing here is typed by hand but the words.
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']

export type EvidencePiece = Schemas['EvidenceOut']
export type Unit = Schemas['UnitOut']
/** Enough of a unit to choose it; its path where lists are narrowed by it. */
export type UnitChoice = Pick<Unit, 'id' | 'name'> & Partial<Pick<Unit, 'path'>>
export type Suggestions = Schemas['SuggestionsOut']
export type UnitLoads = Schemas['LoadsOut']
export type UnitLoad = Schemas['LoadOut']
export type DispatchPreviewed = Schemas['PreviewDispatchIn']
export type StartedClock = Schemas['StartedClockOut']
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
  'legal_days',
  'urgent_hours',
  'minutes',
]
export const LADDER: readonly LadderStep[] = ['remind', 'urge', 'supervise', 'yellow_card', 'red_card']

export type Category = Schemas['CategoryOut']
export type CategoryGuess = Schemas['GuessOut']
export type Revealed = Schemas['RevealedOut']
export type Purpose = Schemas['Purpose']
export const PURPOSES: readonly Purpose[] = ['call_back', 'verify', 'on_site', 'rescue', 'legal']

export type CaseRow = Schemas['CaseRowOut']
export type CaseDetail = Schemas['CaseDetailOut']
export type Clock = Schemas['ClockOut']
export type StepLine = Schemas['StepOut']
export type Duplicate = Schemas['DuplicateOut']
