// What a report says to the server: one entry for it, and one more when it was settled on the spot.
import type { Piece } from '../capture/pieces'
import type { Position } from '../place/position'
import type { NewEntry } from '../queue/queue'
import { newId } from '../store/ids'

export interface Draft {
  words: string
  urgent: boolean
  place: { lon: number | null; lat: number | null; address: string }
}

const TITLE_LENGTH = 40

export function reportEntry(
  { words, urgent, place }: Draft,
  category: { id: number; name: string } | undefined,
  pieces: readonly Piece[],
  at: Position | undefined,
): NewEntry & { id: string } {
  const id = newId()
  const title = titleOf(words) || category?.name || ''
  return {
    id,
    operation: 'report',
    label: title,
    method: 'POST',
    path: '/api/cases',
    subject: `report:${id}`,
    body: {
      source: 'grid',
      title,
      description: words.trim(),
      category_id: category?.id ?? null,
      urgency: urgent ? 'urgent' : null,
      address: place.address.trim(),
      // Where the phone is, if nothing better was said: a report without a place is nobody's.
      lon: place.lon ?? at?.lon ?? null,
      lat: place.lat ?? at?.lat ?? null,
      happened_at: pieces[0]?.takenAt ?? null,
      evidence: pieces.map(({ id: piece }) => piece),
    },
  }
}

/** 自办自结, behind the report of `reportId`, whose case has its id only when the server has answered. */
export function settleEntry(reportId: string, label: string, how: string, after: readonly Piece[]): NewEntry {
  return {
    operation: 'settle',
    label,
    method: 'POST',
    path: '/api/cases/@/settle',
    subject: `report:${reportId}`,
    after: [reportId],
    body: { text: how.trim(), outcome: 'solved', evidence: after.map(({ id }) => id) },
  }
}

/** The first sentence, or its beginning. */
export function titleOf(words: string): string {
  const first =
    words
      .trim()
      .split(/[。！？!?\n]/)[0]
      ?.trim() ?? ''
  return first.length > TITLE_LENGTH ? `${first.slice(0, TITLE_LENGTH - 1)}…` : first
}
