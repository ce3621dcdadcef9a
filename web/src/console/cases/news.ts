// What the feed says of cases: which one, what was done, and its line of the queue as it is now.
import { RESET, type LiveEvent } from '@/shared/live/useLive'

import type { CaseRow } from './model'

export interface CaseNews {
  id: string
  /** What was done: `report`, `accept`, …; `changed` where the reader may not know what. */
  move: string
  /** Absent when it is no longer in one's scope. */
  row: CaseRow | undefined
  /** Only who is at work on it has changed: nothing has to be asked again. */
  isClaim: boolean
}

interface Data {
  subject: { type: string; id: string }
  row: CaseRow | null
}

const CLAIMS = new Set(['claimed', 'released', 'claim_left', 'taken_over'])

/** False for who is at work on a case, which turns no figure and no list, and comes with every case that is opened. */
export function changesCases(event: LiveEvent): boolean {
  const news = caseNews(event)
  return event.kind === RESET || (news !== undefined && !news.isClaim)
}

/** Undefined when the event is not about a case. */
export function caseNews({ kind, data }: LiveEvent): CaseNews | undefined {
  if (!kind.startsWith('case.')) return undefined
  const { subject, row } = data as Data
  const move = kind.slice('case.'.length)
  return { id: subject.id, move, row: row ?? undefined, isClaim: CLAIMS.has(move) && row !== null }
}
