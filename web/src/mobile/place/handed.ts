// A place that one page hands to the next, once: in memory only, never in an address nor in the browser's history.
export interface HandedPlace {
  address: string
  /** Code; empty where it is not known. */
  grid: string
  /** WGS-84 degrees. */
  lon: number | null
  lat: number | null
}

let handed: HandedPlace | undefined

export function handPlace(place: HandedPlace): void {
  handed = place
}

export function takePlace(): HandedPlace | undefined {
  const place = handed
  handed = undefined
  return place
}
