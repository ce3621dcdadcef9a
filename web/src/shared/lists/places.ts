// What a list showed when it was left, so that the back button finds it as it was. Kept in memory only.
export interface Place<T> {
  items: T[]
  next: string | undefined
  count: number | undefined
  pages: number
}

const KEPT = 8
const places = new Map<string, Place<unknown>>()
let wentBack = false

window.addEventListener('popstate', () => {
  wentBack = true
})

/** Called by the router after each navigation: only the back and forward buttons bring a place back. */
export function arrived(): void {
  window.setTimeout(() => {
    wentBack = false
  })
}

export function keepPlace(address: string, place: Place<unknown>): void {
  places.delete(address)
  places.set(address, place)
  const oldest = places.keys().next().value
  if (places.size > KEPT && oldest !== undefined) places.delete(oldest)
}

export function keptPlace<T>(address: string): Place<T> | undefined {
  return wentBack ? (places.get(address) as Place<T> | undefined) : undefined
}
