// How wrong this phone's clock is, measured against the server's `Date`: said to the person, never trusted (ADR 18).
import { ref } from 'vue'

/** Beyond this it is said. */
export const TOLERATED_MS = 120_000

/** Phone minus server in ms; 0 while nothing was measured. */
export const clockOff = ref(0)

export function noteClock(header: string | null): void {
  const server = header ? Date.parse(header) : NaN
  // eslint-disable-next-line no-restricted-properties -- the phone's own clock is what is measured
  if (!Number.isNaN(server)) clockOff.value = Date.now() - server
}
