// Grids and divisions as these pages know them. Codes are significant digits: 2, 4, 6, 9, 12 a division, 15 a grid, 17 a micro grid.
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'

import { api, call } from '@/shared/api/client'
import { ApiError } from '@/shared/api/errors'
import type { components } from '@/shared/api/schema'
import type { Areas, Bounds, View } from '@/shared/map'
import { me } from '@/shared/session/session'
import { now } from '@/shared/time/clock'
import { beijingDay } from '@/shared/time/format'

type Schemas = components['schemas']

export type Grid = Schemas['GridOut']
export type GridCard = Schemas['GridCardOut']
export type Division = Schemas['DivisionOut']
export type DivisionCard = Schemas['DivisionCardOut']
export type Member = Schemas['MemberOut']
export type Coverage = Schemas['CoverageOut']
export type CoverageLine = Schemas['CoverageLineOut']
export type Drawing = Schemas['DrawingOut']
export type Redraw = Schemas['RedrawOut']

export type Ending = Schemas['EndingOut']
export type Alias = Schemas['AliasRowOut']

export const PAGES = ['/grids', '/grids/divisions', '/grids/coverage', '/grids/plans', '/grids/history']
export const PAGE_SIZE = 50

export const TYPES = ['general', 'dedicated', 'micro'] as const
export type GridType = (typeof TYPES)[number]

export interface DrawnProperties {
  code: string
  name: string
  type: GridType | ''
  level: number
  colour?: string
}
export type Drawn = FeatureCollection<Polygon | MultiPolygon, DrawnProperties> & {
  level: number
  is_partial: boolean
}

export interface FaultProperties {
  kind: string
  codes: string[]
  area_m2: number
  lon: number
  lat: number
  message: string
}

export const isGrid = (code: string) => code.length >= 15
export const communityOf = (code: string) => code.slice(0, 12)
interface Life {
  valid_from: string
  valid_to?: string | null
}
const today = () => beijingDay(now())
/** A period holds up to the day it names as its end. */
export const isOver = ({ valid_to: end }: Life) => Boolean(end && end <= today())
export const isToCome = ({ valid_from: start }: Life) => start > today()
/** What a grid is numbered under: its community, or its grid for a micro grid. */
export const parentOf = (code: string) => code.slice(0, code.length > 15 ? 15 : 12)

export async function drawnIn(view: View, signal: AbortSignal): Promise<Drawn> {
  const [west, south, east, north] = view.bounds
  // From far away the map shows more than one world.
  const box = [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)]
  const query = { bbox: box.map((degrees) => degrees.toFixed(6)).join(','), zoom: Math.max(0, view.zoom) }
  return (await call(api.GET('/api/grids/map', { params: { query }, signal }))) as unknown as Drawn
}

export function gridCard(code: string): Promise<GridCard> {
  return call(api.GET('/api/grids/{code}', { params: { path: { code } } }))
}

export function divisionCard(code: string): Promise<DivisionCard> {
  return call(api.GET('/api/divisions/{code}', { params: { path: { code } } }))
}

export function cardOf(code: string): Promise<GridCard | DivisionCard> {
  return isGrid(code) ? gridCard(code) : divisionCard(code)
}

/** Undefined where nobody has set it up yet: in a new house the posts are there before their divisions. */
export async function cardIfSetUp(code: string): Promise<GridCard | DivisionCard | undefined> {
  try {
    return await cardOf(code)
  } catch (caught) {
    if (caught instanceof ApiError && caught.status === 404) return undefined
    throw caught
  }
}

/** Its own extent; of what is not drawn, the nearest above it that is. */
export async function boundsOfCode(code: string): Promise<Bounds | undefined> {
  const { bounds, lineage } = await cardOf(code)
  if (bounds?.length === 4) return bounds as Bounds
  const above = lineage.at(-2)?.code
  return above ? boundsOfCode(above) : undefined
}

/** Where this person begins: their own area, or all there is. Empty where nothing is set up. */
export async function homeCode(): Promise<string> {
  const [own] = me.value?.ranges.filter(Boolean) ?? []
  const { items } = await call(api.GET('/api/divisions'))
  const [first] = items
  if (!first) return '' // a new house: the posts are there before their divisions
  return own && (await cardIfSetUp(own)) ? own : first.code
}

/** The faults of one community as areas of the map, each with its own code so that it can be clicked. */
export function faultAreas(coverage: Coverage, colour: string): Areas {
  const { features } = coverage.faults as unknown as FeatureCollection<
    Polygon | MultiPolygon,
    FaultProperties
  >
  return {
    type: 'FeatureCollection',
    features: features
      .filter(({ geometry }) => geometry.type === 'Polygon' || geometry.type === 'MultiPolygon')
      .map(({ geometry, properties }, index) => ({
        type: 'Feature',
        geometry,
        properties: { code: String(index), name: '', colour, message: properties.message },
      })),
  }
}

export function faultsOf(coverage: Coverage): FaultProperties[] {
  return (coverage.faults as unknown as FeatureCollection<Polygon, FaultProperties>).features.map(
    ({ properties }) => properties,
  )
}
