// Where the phone is, for as long as a page needs it.
import { onScopeDispose, shallowRef } from 'vue'

import { metresBetween } from './inside'

export interface Position {
  lon: number
  lat: number
  /** Metres. */
  accuracy: number
  /** Metres a second, where the phone knows. */
  speed: number | null
  /** ms by the phone's own clock. */
  at: number
}

export type PositionProblem = 'denied' | 'unavailable' | 'none'

/** A position older than this is of another place. */
const FRESH_MS = 60_000

export const position = shallowRef<Position>()
export const positionProblem = shallowRef<PositionProblem>('none')

let watchers = 0
let watching: number | undefined

/** The latest position if it is fresh. */
export function currentPosition(): Position | undefined {
  // eslint-disable-next-line no-restricted-properties -- positions carry the phone's own clock
  return position.value && Date.now() - position.value.at < FRESH_MS ? position.value : undefined
}

/** Follows the phone while the component lives. */
export function usePosition(): typeof position {
  follow()
  onScopeDispose(unfollow)
  return position
}

export function follow(): void {
  watchers += 1
  // What an earlier page saw last may be of another street.
  position.value = currentPosition()
  // A watch that stands tells nothing of a phone that stands; a new one tells at once where it is.
  if (!position.value) stop()
  if (watching !== undefined || !('geolocation' in navigator)) return
  watching = navigator.geolocation.watchPosition(take, fail, {
    enableHighAccuracy: true,
    maximumAge: 10_000,
    timeout: 30_000,
  })
}

export function unfollow(): void {
  watchers -= 1
  if (watchers === 0) stop()
}

function stop(): void {
  if (watching === undefined) return
  navigator.geolocation.clearWatch(watching)
  watching = undefined
}

/** Whether a fix says more than what is held: a coarse one around it does not, one that lies elsewhere does. */
export function tellsMore(
  fix: Position,
  held: { lon: number | null; lat: number | null; accuracy: number | null },
): boolean {
  if (held.lon === null || held.lat === null || held.accuracy === null) return true
  const moved = metresBetween(fix, { lon: held.lon, lat: held.lat })
  return fix.accuracy <= held.accuracy || moved > fix.accuracy
}

function take({ coords, timestamp }: GeolocationPosition): void {
  positionProblem.value = 'none'
  position.value = {
    lon: round(coords.longitude),
    lat: round(coords.latitude),
    accuracy: Math.round(coords.accuracy),
    speed: coords.speed,
    at: timestamp,
  }
}

function fail({ code }: GeolocationPositionError): void {
  positionProblem.value = code === 1 ? 'denied' : 'unavailable'
}

/** Six decimals are 0.1 m. */
function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}
