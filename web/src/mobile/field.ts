// Shapes of /api/field as the application uses them.
import type { MultiPolygon, Polygon } from 'geojson'

import type { components } from '@/shared/api/schema'

export interface FormOut {
  code: string
  kind: string
  version: number
  name_zh: string
  name_en: string
  schema: FormSchema
}
export interface FormSchema {
  properties: Record<string, FieldSchema>
  required?: string[]
  'x-order'?: string[]
  'x-registry'?: AboutRegistry
}
/**
 * What a sheet is carried into; `within`: kinds of record that a new one may stand in, or at a point, and is then put right
 * on the map. `members`: people belong to it, and this is asked of each.
 */
export interface AboutRegistry {
  kind: string
  within?: string[]
  at_point?: boolean
  members?: FieldSchema
}
export interface FieldSchema {
  type: 'string' | 'number' | 'integer' | 'boolean' | 'array'
  title: string
  'x-title-en'?: string
  description?: string
  'x-description-en'?: string
  format?: string
  enum?: string[]
  'x-enum-titles'?: { zh: string; en: string }[]
  items?: { type: string; format?: string; enum?: string[]; 'x-enum-titles'?: { zh: string; en: string }[] }
  minimum?: number
  maximum?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  'x-multiline'?: boolean
  'x-secret'?: boolean
  'x-photo'?: boolean
  'x-item'?: boolean
  'x-field'?: string
  'x-tie'?: boolean
  'x-basis'?: string
  'x-unit'?: string
  'x-show-if'?: Record<string, unknown>
}

export interface PackGrid {
  code: string
  name: string
  type: string
  polygon: Polygon | MultiPolygon | null
  address?: string
}
export interface TeamLine {
  grid: string
  kind: string
  name: string
  phone: string
  mine: boolean
}
export type PackCategory = components['schemas']['PackCategoryOut']
export type PackLikely = components['schemas']['PackLikelyOut']
export interface PointOut {
  id: number
  number: number
  name: string
  lon: number
  lat: number
  radius_m: number
  dwell_s: number
  photo_needed: boolean
  code_sha256: string | null
  check: CheckOut | null
}
export interface CheckOut {
  id: string
  how: 'place' | 'code' | 'photo' | 'skipped'
  happened_at: string
  distance_m: number | null
  deviation: boolean
  reason: string
}
export interface RoundOut {
  id: string
  plan: string
  grid: string
  day: string
  number: number
  state: 'planned' | 'begun' | 'kept' | 'missed' | 'ended' | 'withdrawn'
  route: [number, number][] | null
  form: string
  begun_at: string | null
  ended_at: string | null
  points: PointOut[]
  seen: number
  skipped: number
  share: number
}
export interface SubjectOut {
  id: string
  kind: 'dwelling' | 'shop' | 'site' | 'household'
  title: string
  address: string
  grid: string
  lon: number | null
  lat: number | null
  contact_name: string
  contact_phone: string
  level: string
  interval_days: number
  form: string
  last_date: string | null
  next_date: string | null
  is_overdue: boolean
  days_left: number | null
  note?: string
  records?: RecordOut[]
}
export interface RecordOut {
  id: string
  form: string
  form_name: string
  happened_at: string
  by_name: string
  failed: string[]
  next_date?: string | null
}
export type WorkerState =
  'given' | 'signed' | 'set_out' | 'arrived' | 'done' | 'handed_up' | 'returned' | 'withdrawn'
export interface ErrandWorker {
  post_id: number
  name: string
  unit: string
  phone: string
  state: WorkerState
  mine: boolean
  version: number
  signed_at: string | null
  set_out_at: string | null
  arrived_at: string | null
  ended_at: string | null
  distance_m: number | null
  answer_due_at: string | null
  arrive_due_at: string | null
  late: string[]
  result: string
  text: string
  asks_until: string | null
}
export type ErrandMove = 'sign' | 'set_out' | 'arrive' | 'finish' | 'hand_up' | 'return' | 'ask_time'
export interface ErrandOut {
  id: string
  number: string
  kind: 'verify' | 'inspect' | 'respond' | 'rectify' | 'recheck' | 'collect' | 'other'
  title: string
  text: string
  grid: string
  address: string
  lon: number | null
  lat: number | null
  urgent: boolean
  given_at: string
  by_name: string
  from_unit: string
  due_at: string | null
  form: string
  needs_photo: boolean
  case: { id: string; number: string; title: string } | null
  subject_id: string | null
  state: 'open' | 'closed' | 'withdrawn'
  withdrawn_why: string
  workers: ErrandWorker[]
  mine: ErrandWorker | null
  moves: ErrandMove[]
  asks: {
    id: string
    name: string
    until: string
    reason: string
    asked_at: string
    granted: boolean | null
    decision: string
  }[]
  steps?: {
    kind: string
    name: string
    happened_at: string
    received_at: string
    text: string
    distance_m: number | null
  }[]
}
export interface Pack {
  version: string
  made_at: string
  me: {
    post_id: number
    user_id: number
    name: string
    unit: string
    role: string
    codes: string[]
    phone: string
  }
  grids: PackGrid[]
  team: TeamLine[]
  categories: PackCategory[]
  /** Of a copy that is older: none. */
  likely?: PackLikely[]
  forms: FormOut[]
  patrols: RoundOut[]
  visits: SubjectOut[]
  errands: ErrandOut[]
  house_key: { id: string; jwk: JsonWebKey } | null
  settings: { answer_minutes: number; arrive_minutes: number }
  unread: { notices: number; orders: number }
}
export interface TodayOut {
  at: string
  day: string
  unread: { notices: number; orders: number }
  errands: { open: number; late: number; next_due_at: string | null }
  patrol: { rounds: number; points: number; seen: number }
  visits: { due: number; overdue: number }
  month: {
    reports: number
    closed: number
    errands: number
    errands_in_time: number
    visits: number
    visits_in_time: number
    points: number
  }
  pack_version: string
}
