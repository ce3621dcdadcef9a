// The only reader of the time. Desks with a wrong clock are common, so the server's time corrects it.
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Below this the difference is the road, not the clock (the Date header has whole seconds). */
const TOLERATED_MS = 5_000

let offsetMs = 0
const current = ref(now())
let watchers = 0
let timer: number | undefined

/** Milliseconds since 1970 by the server's clock. */
export function now(): number {
  // eslint-disable-next-line no-restricted-properties
  return Date.now() + offsetMs
}

/** Learns from the `Date` header of an answer how wrong this machine's clock is. */
export function learnServerTime(header: string | null): void {
  if (!header) return
  const server = Date.parse(header)
  if (Number.isNaN(server)) return
  // eslint-disable-next-line no-restricted-properties
  const difference = server - Date.now()
  // A clock that is wrong by just that much would jump to and fro with every answer.
  if (Math.abs(difference - offsetMs) > TOLERATED_MS)
    offsetMs = Math.abs(difference) > TOLERATED_MS ? difference : 0
}

/** Started before a question; tells, after its answer, when that was, by the clock as the answer corrected it. */
export function stopwatch(): () => number {
  const began = performance.now()
  return () => now() - (performance.now() - began)
}

/** The time now in ms, moving once a second while a component uses it. One timer serves the whole page. */
export function useNow(): Readonly<Ref<number>> {
  watchers += 1
  timer ??= window.setInterval(() => {
    current.value = now()
  }, 1000)
  current.value = now()
  onScopeDispose(() => {
    watchers -= 1
    if (watchers > 0) return
    window.clearInterval(timer)
    timer = undefined
  })
  return readonly(current)
}
