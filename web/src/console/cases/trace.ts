// Why a limit is what it is, as the countdown lists it: the server's sentences, but the last, which the countdown says.
import type { TraceStep } from '../ui/Countdown.vue'

export function traceOf(clock: { trace: readonly string[] }): TraceStep[] {
  return clock.trace.slice(0, -1).map((text) => ({ text }))
}
