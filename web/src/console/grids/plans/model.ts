// Proposals as these pages know them.
import type { FeatureCollection } from 'geojson'

import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'
import type { LonLat } from '@/shared/map'

import type { Shape } from '../shape'
import type { Net } from './net'

type Schemas = components['schemas']
export type Plan = Schemas['PlanOut']
export type PlanCard = Schemas['PlanCardOut']
export type Effect = Schemas['EffectOut']
export type Step = NonNullable<Schemas['PlanIn']['steps']>[number]

const COMMUNITY = 12

export const STATES = ['draft', 'submitted', 'returned', 'approved', 'cancelled', 'withdrawn'] as const
export const TONES = {
  draft: 'grey',
  submitted: 'amber',
  returned: 'red',
  approved: 'green',
  cancelled: 'grey',
  withdrawn: 'grey',
} as const

export interface NetGrid {
  code: string
  name: string
  type: string
}

export interface DrawnNet extends Net {
  /** Those without a shape wait for their boundary. */
  known: Readonly<Record<string, NetGrid>>
}

export async function netOf(community: string, day: string): Promise<DrawnNet> {
  const query = { community, day }
  const found = (await call(
    api.GET('/api/grids/net', { params: { query } }),
  )) as unknown as FeatureCollection<Shape | null, NetGrid>
  const [border, ...grids] = found.features
  return {
    border: border?.geometry ?? { type: 'MultiPolygon', coordinates: [] },
    grids: Object.fromEntries(
      grids.flatMap(({ geometry, properties }) => (geometry ? [[properties.code, geometry]] : [])),
    ),
    known: Object.fromEntries(grids.map(({ properties }) => [properties.code, properties])),
  }
}

/** The community a proposal was drawn in first: of several its own code is their sub-district's. */
export function communityOf({ code, steps }: PlanCard): string {
  const [first] = steps as unknown as Step[]
  return first ? placeOf(first).slice(0, COMMUNITY) : code.length === COMMUNITY ? code : ''
}

function placeOf(step: Step): string {
  switch (step.act) {
    case 'merge':
      return step.codes[0] ?? ''
    case 'move':
      return step.one
    case 'shift':
      return Object.keys(step.shapes)[0] ?? ''
    case 'found':
      return step.under
    case 'pass_on':
      return step.source
    default:
      return step.code
  }
}

/** The net as an effect leaves it; only what lies in the community. */
export function after(net: DrawnNet, effect: Effect | undefined, community: string): DrawnNet {
  if (!effect) return net
  const grids = { ...net.grids }
  const known = { ...net.known }
  let { border } = net
  for (const { code, ends } of effect.before) if (ends) Reflect.deleteProperty(grids, code)
  for (const { code, name, geometry } of effect.after) {
    if (code === community) border = geometry as unknown as Shape
    else if (code.length === 15 && code.startsWith(community)) {
      grids[code] = geometry as unknown as Shape
      known[code] = { code, name: name || code.slice(-3), type: known[code]?.type ?? 'general' }
    }
  }
  return { border, grids, known }
}

export const lineOf = (corners: readonly LonLat[]) =>
  corners.map(([lon, lat]): LonLat => [fine(lon), fine(lat)])
export const ringOf = (corners: readonly LonLat[]): Schemas['PolygonIn'] => {
  const ring = lineOf(corners)
  return { type: 'Polygon', coordinates: [[...ring, ...ring.slice(0, 1)]] }
}
export const shapeIn = (shape: Shape) => shape as unknown as Schemas['PolygonIn']

/** 1e7: seven decimals are a centimetre, as boundaries are kept. */
const fine = (degrees: number) => Math.round(degrees * 1e7) / 1e7
