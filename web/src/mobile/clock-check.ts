// How wrong this phone's clock is, measured against the server's `Date`: said to the person, never trusted (ADR 18). Kept
// for a start without a network, where nobody can be asked: what is written down there would be off by it, and a clock that
// is a day ahead would end the session's key.
import { ref } from 'vue'

import { learnServerTime, now } from '@/shared/time/clock'

/** Beyond this it is said. */
export const TOLERATED_MS = 120_000

/** Phone minus server in ms; 0 while nothing was measured. */
export const clockOff = ref(0)

const KEPT = 'wangge.phone.clock'

/** `at`: what this phone's clock said then. */
interface Kept {
  off: number
  at: number
}

export function noteClock(header: string | null): void {
  const server = header ? Date.parse(header) : NaN
  if (!Number.isNaN(server)) keep(phoneNow() - server)
}

/** What the answers of a sign-in taught: the next document starts with it. */
export function keepLearntClock(): void {
  keep(phoneNow() - now())
}

function keep(off: number): void {
  clockOff.value = off
  if (Math.abs(clockOff.value) <= TOLERATED_MS) localStorage.removeItem(KEPT)
  else localStorage.setItem(KEPT, JSON.stringify({ off: clockOff.value, at: phoneNow() } satisfies Kept))
}

/** At the start. A clock that went back since was put right: what is known of it is over. */
export function takeKeptClock(): void {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Kept | null
  if (!kept || phoneNow() < kept.at) return
  clockOff.value = kept.off
  learnServerTime(new Date(phoneNow() - kept.off).toUTCString())
}

function phoneNow(): number {
  // eslint-disable-next-line no-restricted-properties -- the phone's own clock is what is measured
  return Date.now()
}
