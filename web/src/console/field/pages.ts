import type { FeatureCollection, Point } from 'geojson'

import type { components } from '@/shared/api/schema'

export const PAGES = [
  '/field/on-duty',
  '/field/tracks',
  '/field/errands',
  '/field/patrols',
  '/field/visits',
  '/field/records',
  '/field/forms',
  '/field/handed-in',
  '/field/terminals',
] as const

export type OnDuty = components['schemas']['OnDutyOut']
export type State = OnDuty['state']
export type Terminal = components['schemas']['TerminalOut']
export type Rate = components['schemas']['RateOut']
export type TrackLine = components['schemas']['TrackLineOut']
export type Track = components['schemas']['TrackOut']

export const TONES = { fresh: 'green', quiet: 'amber', silent: 'red' } as const

/** Shown on the page of who is on duty and asked again this often; positions come every minute. */
export const AGAIN_MS = 15_000

const STATES = ['fresh', 'quiet', 'silent'] as const

/** For PeoplePoints; empty where there is no position. */
export function pointOf(person: OnDuty | undefined): FeatureCollection<Point> {
  if (!person || person.lon === null || person.lat === null)
    return { type: 'FeatureCollection', features: [] }
  const properties = { id: String(person.post_id), state: STATES.indexOf(person.state) }
  const geometry: Point = { type: 'Point', coordinates: [person.lon, person.lat] }
  return { type: 'FeatureCollection', features: [{ type: 'Feature', properties, geometry }] }
}
