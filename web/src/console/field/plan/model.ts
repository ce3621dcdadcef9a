// A patrol plan as it is edited: its last day is included here, the server's end is the day after.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import { newUuid } from '@/shared/api/idempotency'
import type { LonLat } from '@/shared/map'
import { dayAfter } from '@/shared/time/days'

import type { PatrolPlan } from '../work'

type Schemas = components['schemas']
export type GridWorker = Schemas['GridWorkerOut']
export type Due = Schemas['DueOut']
export type Per = PatrolPlan['per']

export const MOST_POINTS = 60
export const RADIUS_M = { least: 5, usual: 30, most: 500 } as const
const MOST_DWELL_S = 3600
export const DWELL_S = { most: MOST_DWELL_S, step: 30 } as const
/** Six decimals are 0.1 m: more is noise. */
const FINE = 1e6

export interface DraftPoint {
  /** Of this page; a point that is new has no id yet. */
  key: string
  id?: string
  name: string
  lon: number
  lat: number
  radius_m: number
  dwell_s: number
  photo_needed: boolean
  has_code: boolean
}

export interface Draft {
  grid: string
  name: string
  per: Per
  /** 1 Monday … 7; none: every day. */
  weekdays: number[]
  times: number
  valid_from: string
  /** Empty: until it is stopped. */
  last_day: string | null
  posts: number[]
  form: string
  points: DraftPoint[]
  route: LonLat[] | null
}

export function emptyDraft(today: string, grid: string): Draft {
  const often = { per: 'day' as const, weekdays: [], times: 1 }
  return {
    grid,
    name: '',
    ...often,
    valid_from: today,
    last_day: null,
    posts: [],
    form: '',
    points: [],
    route: null,
  }
}

export function draftOf(plan: PatrolPlan): Draft {
  const { grid, name, per, weekdays, times, valid_from, valid_to, posts, form, points, route } = plan
  return {
    grid,
    name,
    per,
    weekdays: [...weekdays],
    times,
    valid_from,
    last_day: valid_to && dayAfter(valid_to, -1),
    posts: [...posts],
    form,
    points: points.map(({ id, name, lon, lat, radius_m, dwell_s, photo_needed, has_code }) => ({
      key: id,
      id,
      name,
      lon,
      lat,
      radius_m,
      dwell_s,
      photo_needed,
      has_code,
    })),
    route: route && route.map(([lon, lat]) => [lon ?? 0, lat ?? 0]),
  }
}

/** What is sent; `is_active` stays what it was. */
export function bodyOf(
  { last_day, points, route, weekdays, per, ...plain }: Draft,
  isActive: boolean,
): Schemas['PatrolPlanIn'] {
  return {
    ...plain,
    per,
    weekdays: per === 'day' ? [...weekdays].sort() : [],
    valid_to: last_day ? dayAfter(last_day) : null,
    is_active: isActive,
    route,
    points: points.map(sent),
  }
}

export function pointAt([lon, lat]: LonLat, name: string): DraftPoint {
  return {
    key: newUuid(),
    name,
    lon: fine(lon),
    lat: fine(lat),
    radius_m: RADIUS_M.usual,
    dwell_s: 0,
    photo_needed: false,
    has_code: false,
  }
}

/** One place up or down; the ends stay. */
export function swapped<T>(items: readonly T[], index: number, by: -1 | 1): T[] {
  const other = index + by
  const [one, two] = [items[index], items[other]]
  if (one === undefined || two === undefined) return [...items]
  return items.map((item, place) => (place === index ? two : place === other ? one : item))
}

export function lineOf(corners: readonly LonLat[]): LonLat[] {
  return corners.map(([lon, lat]) => [fine(lon), fine(lat)])
}

export function readPlan(id: string): Promise<PatrolPlan> {
  return call(api.GET('/api/field/patrol-plans/{plan_id}', { params: { path: { plan_id: id } } }))
}

export function workersOf(grid: string, signal: AbortSignal): Promise<GridWorker[]> {
  return call(api.GET('/api/field/workers', { params: { query: { grid } }, signal }))
}

/** Without what only this page knows it by. */
function sent({ id, name, lon, lat, radius_m, dwell_s, photo_needed, has_code }: DraftPoint) {
  const point = { name, lon, lat, radius_m, dwell_s, photo_needed, has_code }
  return id ? { id, ...point } : point
}

function fine(degrees: number): number {
  return Math.round(degrees * FINE) / FINE
}
