// A unit was on the spot, and a phone without a network told it afterwards: both times are said.
import { beijingDay, clockTime, shortTime } from '@/shared/time/format'

interface Arrival {
  arrived_at?: string | null
  arrival_received_at?: string | null
}

/** As the server has it (wangge/cases/rules/arrivals.py): below this it is only what sending takes. */
const AT_ONCE_MS = 60_000

/** Both times, as short as they can be told apart; nothing where the arrival was told as it happened. */
export function toldLater(
  { arrived_at: there, arrival_received_at: heard }: Arrival,
  now: number,
): { there: string; heard: string } | undefined {
  if (!there || !heard || Date.parse(heard) - Date.parse(there) < AT_ONCE_MS) return undefined
  const tell = beijingDay(there) === beijingDay(heard) ? clockTime : (at: string) => shortTime(at, now)
  return { there: tell(there), heard: tell(heard) }
}
