// A track and a moment of it: where somebody was then, or that nobody knows.
import type { Feature, FeatureCollection } from 'geojson'

import type { Bounds, LonLat } from '@/shared/map'

import type { Track } from './pages'

/** As rules/tracks.py: what is longer without a position is a gap. */
const GAP_MS = 300_000
/** What a speed is taken over: one step between two positions is mostly what the receiver wanders. */
const SPEED_MS = 30_000
const EARTH_M = 6_371_009

export interface Moment {
  place: LonLat | undefined
  /** Why there is none. */
  why: 'inGap' | 'offDuty' | undefined
}

export function momentAt(track: Track, ms: number): Moment {
  const after = firstAfter(track.positions, ms)
  const before = track.positions[after - 1]
  const next = track.positions[after]
  if (before && (ms === before[0] || (next && next[0] - before[0] <= GAP_MS))) {
    const share = next ? (ms - before[0]) / (next[0] - before[0]) : 0
    const [lon, lat] = [between(before[1], next?.[1], share), between(before[2], next?.[2], share)]
    return { place: [lon, lat], why: undefined }
  }
  const on = track.duty.some(([since, until]) => since <= ms && ms < until)
  return { place: undefined, why: on ? 'inGap' : 'offDuty' }
}

/** In km/h about a moment; nothing in a gap. */
export function speedAt(track: Track, ms: number): number | undefined {
  const [since, until] = [endOf(track, ms, -SPEED_MS), endOf(track, ms, SPEED_MS)]
  const [from, to] = [momentAt(track, since).place, momentAt(track, until).place]
  if (!from || !to || until === since) return undefined
  return (metresBetween(from, to) / (until - since)) * 3600
}

/** From the first position or time on duty to the last. */
export function spanOf({ positions, duty }: Track): [number, number] {
  const starts = [positions[0]?.[0], duty[0]?.[0]].filter((one) => one !== undefined)
  const ends = [positions.at(-1)?.[0], duty.at(-1)?.[1]].filter((one) => one !== undefined)
  return [Math.min(...starts), Math.max(...ends)]
}

export function boundsOfTrack({ positions }: Track): Bounds | undefined {
  const [first] = positions
  if (!first) return undefined
  return positions.reduce<Bounds>(
    ([west, south, east, north], [, lon, lat]) => [
      Math.min(west, lon),
      Math.min(south, lat),
      Math.max(east, lon),
      Math.max(north, lat),
    ],
    [first[1], first[2], first[1], first[2]],
  )
}

/** Lines between gaps, gaps as straight lines of `kind` gap, stops and the moment as points. */
export function drawn(track: Track, moment: Moment): FeatureCollection {
  const features: Feature[] = track.line.map((part) => line('line', part as LonLat[]))
  for (const [since, until] of track.gaps) {
    const before = track.positions[firstAfter(track.positions, since) - 1]
    const next = track.positions[firstAfter(track.positions, until - 1)]
    if (before && next && before !== next)
      features.push(line('gap', [[before[1], before[2]], [next[1], next[2]]])) // prettier-ignore
  }
  for (const [since, until, lon, lat] of track.stops)
    features.push(point('stop', [lon, lat], Math.round((until - since) / 60_000)))
  if (moment.place) features.push(point('now', moment.place, 0))
  return { type: 'FeatureCollection', features }
}

/** As far from a moment as there is no gap. */
function endOf(track: Track, ms: number, by: number): number {
  const next = firstAfter(track.positions, ms)
  let [at, end] = by < 0 ? [next - 1, ms] : [next, ms]
  for (; ; at += Math.sign(by)) {
    const place = track.positions[at]
    if (!place || Math.abs(place[0] - end) > GAP_MS) return end
    if (Math.abs(place[0] - ms) >= Math.abs(by)) return ms + by
    end = place[0]
  }
}

/** In the plane: a minute's way is short. */
function metresBetween([lon, lat]: LonLat, [otherLon, otherLat]: LonLat): number {
  const radians = Math.PI / 180
  const east = (otherLon - lon) * Math.cos(lat * radians)
  return Math.hypot(east, otherLat - lat) * radians * EARTH_M
}

function firstAfter(positions: Track['positions'], ms: number): number {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((positions[middle]?.[0] ?? 0) <= ms) low = middle + 1
    else high = middle
  }
  return low
}

const between = (one: number, other: number | undefined, share: number) =>
  one + ((other ?? one) - one) * share

const line = (kind: string, coordinates: LonLat[]): Feature => ({
  type: 'Feature',
  properties: { kind },
  geometry: { type: 'LineString', coordinates },
})
const point = (kind: string, coordinates: LonLat, minutes: number): Feature => ({
  type: 'Feature',
  properties: { kind, minutes: `${String(minutes)}′` },
  geometry: { type: 'Point', coordinates },
})
