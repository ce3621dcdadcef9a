// What a scanned or typed sign stands for: a point of today's patrol or one of my grids without a network; another grid, a
// door, a facility or an organisation by asking the house.
import type { components } from '@/shared/api/schema'
import { ApiError } from '@/shared/api/errors'

import type { Pack, PointOut, RoundOut } from '../field'
import { get, post } from '../net'
import { pointOfCode } from '../patrol/rounds'

export type SignRecord = components['schemas']['SignHitOut']
type GridCard = Pick<components['schemas']['GridCardOut'], 'code' | 'name' | 'address'>

export interface Found {
  points: { round: RoundOut; point: PointOut }[]
  grids: GridCard[]
  records: SignRecord[]
}

/** Fifteen digits for a grid, two more for a micro grid, wherever they stand in the text. */
const GRID = /(?<!\d)\d{15}(?:\d{2})?(?!\d)/g
const MOST_GRIDS = 3

export function gridCodesIn(text: string): string[] {
  return [...new Set(text.match(GRID))].slice(0, MOST_GRIDS)
}

/** What the phone knows by itself. */
export async function knownHere(text: string, pack: Pack | undefined): Promise<Found> {
  const rounds = pack?.patrols ?? []
  const points = (
    await Promise.all(
      rounds.map(async (round) => {
        const found = await pointOfCode(text, round.points)
        return found ? [{ round, point: found[0] }] : []
      }),
    )
  ).flat()
  const codes = gridCodesIn(text)
  const grids = (pack?.grids ?? [])
    .filter(({ code }) => codes.includes(code))
    .map(({ code, name, address }) => ({ code, name, address: address ?? '' }))
  return { points, grids, records: [] }
}

/** Raises ApiError, with status 0 where no network is. */
export async function knownThere(text: string, signal: AbortSignal): Promise<Found> {
  const [{ items }, ...grids] = await Promise.all([
    post<{ items: SignRecord[] }>('/api/registry/signs', { text }, signal),
    ...gridCodesIn(text).map((code) => get<GridCard>(`/api/grids/${code}`, signal).catch(unlessAbsent)),
  ])
  return { points: [], grids: grids.filter((one) => one !== undefined), records: items }
}

function unlessAbsent(error: unknown): undefined {
  if (error instanceof ApiError && [403, 404].includes(error.status)) return
  throw error
}

export function isNothing({ points, grids, records }: Found): boolean {
  return points.length + grids.length + records.length === 0
}
