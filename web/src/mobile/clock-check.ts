// How wrong this phone's clock is, measured against the server's `Date`: said to the person, never trusted (ADR 18). Kept
// for a start without a network, where nobody can be asked: what is written down there would be off by it, and a clock that
// is a day ahead would end the session's key. A clock that is set while the page runs is noticed by the page's own time; what
// went ahead unseen is kept as well, so that a page that is begun anew waits for the house as the one before did.
import { ref } from 'vue'

import { learnServerTime, now } from '@/shared/time/clock'

/** Beyond this it is said. */
export const TOLERATED_MS = 120_000

/** Phone minus server in ms; 0 while nothing was measured. */
export const clockOff = ref(0)

/**
 * ms by which the clock went ahead while nobody saw the page, since the house last said what time it is: the phone slept,
 * or its clock was set.
 */
export const unexplained = ref(0)

const KEPT = 'wangge.phone.clock'
const EVERY_MS = 5_000

/** `at`: what this phone's clock said then. */
interface Kept {
  off: number
  at: number
  unexplained?: number
}

let seen = { clock: phoneNow(), run: performance.now(), unseen: document.hidden }

export function noteClock(header: string | null): void {
  const server = header ? Date.parse(header) : NaN
  if (Number.isNaN(server)) return
  unexplained.value = 0
  keep(phoneNow() - server)
}

/** What the answers of a sign-in taught: the next document starts with it. */
export function keepLearntClock(): void {
  keep(phoneNow() - now())
}

function keep(off: number): void {
  clockOff.value = off
  if (Math.abs(off) <= TOLERATED_MS && unexplained.value === 0) {
    localStorage.removeItem(KEPT)
    return
  }
  const kept: Kept = { off, at: phoneNow() }
  if (unexplained.value > 0) kept.unexplained = unexplained.value
  localStorage.setItem(KEPT, JSON.stringify(kept))
}

/** At the start. A clock that went back since was put right: what is known of it is over. */
export function takeKeptClock(): void {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Kept | null
  if (!kept || phoneNow() < kept.at) return
  clockOff.value = kept.off
  unexplained.value = kept.unexplained ?? 0
  learnServerTime(new Date(phoneNow() - kept.off).toUTCString())
}

export function watchClock(): void {
  window.setInterval(lookAtClock, EVERY_MS)
  document.addEventListener('visibilitychange', lookAtClock)
}

/**
 * Whether the clock was set since the last look: it then went on by another time than the page. Backwards, or before
 * somebody's eyes, it was: what is known of it goes along. Ahead and unseen only the house can tell it from a sleep.
 */
export function lookAtClock(): void {
  const before = seen
  seen = { clock: phoneNow(), run: performance.now(), unseen: document.hidden }
  const jump = seen.clock - before.clock - (seen.run - before.run)
  if (Math.abs(jump) <= TOLERATED_MS) return
  if (jump > 0 && before.unseen) {
    unexplained.value += jump
    keep(clockOff.value)
    return
  }
  const takenBack = jump < 0 ? Math.min(unexplained.value, -jump) : 0
  unexplained.value -= takenBack
  if (jump + takenBack !== 0) carry(jump + takenBack)
  else keep(clockOff.value)
}

function carry(jump: number): void {
  keep(clockOff.value + jump)
  learnServerTime(new Date(phoneNow() - clockOff.value).toUTCString())
}

function phoneNow(): number {
  // eslint-disable-next-line no-restricted-properties -- the phone's own clock is what is measured
  return Date.now()
}
