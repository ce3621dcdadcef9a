// Lengths and areas on the ellipsoid (geographiclib, C. F. F. Karney), WGS-84 degrees in, metres out.
import geodesic from 'geographiclib-geodesic'

import { decimal } from '../numbers/format'
import type { LonLat } from './geometry'

const { WGS84 } = geodesic.Geodesic

const KM = 1_000
const HECTARE = 10_000
const KM2 = 1_000_000

/** Of each leg, metres. */
export function legsOf(corners: readonly LonLat[]): number[] {
  return corners.slice(1).map(([lon, lat], index) => {
    const [fromLon, fromLat] = corners[index] ?? [lon, lat]
    return WGS84.Inverse(fromLat, fromLon, lat, lon).s12 ?? 0
  })
}

export function lengthOf(corners: readonly LonLat[]): number {
  return legsOf(corners).reduce((sum, leg) => sum + leg, 0)
}

/** m² of the ring through these corners (it closes by itself), and its perimeter in m. */
export function areaOf(corners: readonly LonLat[]): { area: number; perimeter: number } {
  const ring = WGS84.Polygon(false)
  for (const [lon, lat] of corners) ring.AddPoint(lat, lon)
  const { area, perimeter } = ring.Compute(false, true)
  return { area: Math.abs(area ?? 0), perimeter }
}

/** `850 m`, `12.34 km`: the unit's name comes from the words of the language. */
export function lengthText(
  metres: number,
  t: (key: string, values: Record<string, string>) => string,
): string {
  return metres < KM
    ? t('baseMap.metres', { n: decimal(metres, metres < 100 ? 1 : 0) })
    : t('baseMap.kilometres', { n: decimal(metres / KM, 2) })
}

/** `850 m²`, `12.3 ha`, `4.56 km²` */
export function areaText(m2: number, t: (key: string, values: Record<string, string>) => string): string {
  if (m2 < HECTARE) return t('baseMap.squareMetres', { n: decimal(m2, 0) })
  if (m2 < KM2) return t('baseMap.hectares', { n: decimal(m2 / HECTARE, 2) })
  return t('baseMap.squareKilometres', { n: decimal(m2 / KM2, 3) })
}
