// Whistles by which my unit is called to the spot and has not come yet: 部门报到 with one tap.
import type { components } from '@/shared/api/schema'
import { now } from '@/shared/time/clock'

import { get } from '../net'
import type { Position } from '../place/position'
import { contentOf, type NewEntry } from '../queue/queue'
import type { EntryRow } from '../store/db'
import { useKept, type Kept } from '../store/kept'

type WhistleFile = components['schemas']['WhistleFileOut']

export interface Call {
  /** Of the muster: one for each of my units that is called. */
  id: string
  caseId: string
  title: string
  address: string
  reason: string
  unitId: number
  unit: string
  /** ISO. */
  calledAt: string
}

export function useCalls(): Kept<Call[]> {
  return useKept<Call[]>('calls', async (signal) => {
    const page = await get<{ items: WhistleFile[] }>('/api/whistles?state=mustering&limit=100', signal)
    return callsOf(page.items)
  })
}

/** The one called first is first. */
export function callsOf(whistles: readonly WhistleFile[]): Call[] {
  const calls = whistles.flatMap((whistle) =>
    whistle.musters
      .filter(({ yours, arrived_at: there }) => yours && there === null)
      .map((muster) => ({
        id: `${whistle.id}.${String(muster.unit_id)}`,
        caseId: whistle.case_id,
        title: whistle.title,
        address: whistle.address,
        reason: whistle.reason,
        unitId: muster.unit_id,
        unit: muster.unit,
        calledAt: muster.called_at,
      })),
  )
  return calls.sort((one, other) => one.calledAt.localeCompare(other.calledAt))
}

/** An arrival that was told here. */
export interface Arrival {
  caseId: string
  /** Undefined where the case's own page told it: of the only unit there is. */
  unitId: number | undefined
  state: EntryRow['state']
  /** ms. */
  at: number
}

export async function arrivalsIn(rows: readonly EntryRow[]): Promise<Arrival[]> {
  const about = rows.filter(({ subject, part }) => subject.startsWith('case:') && !part)
  const found = await Promise.all(
    about.map(async (row) => {
      const { path, body } = await contentOf(row)
      const caseId = /^\/api\/cases\/([^/]+)\/arrive$/.exec(path)?.[1]
      const unitId = (body as { unit_id?: number } | null)?.unit_id
      return caseId ? [{ caseId, unitId, state: row.state, at: row.madeAt }] : []
    }),
  ).catch(() => [])
  return found.flat()
}

/** Of this call, and not of an earlier one to the same case. */
export function isOf({ caseId, unitId, at }: Arrival, call: Call): boolean {
  return caseId === call.caseId && (unitId ?? call.unitId) === call.unitId && at >= Date.parse(call.calledAt)
}

/** `label`: what is done, in words. */
export function arrivalEntry(call: Call, at: Position, label: string): NewEntry {
  return {
    operation: 'case_move',
    label: `${call.title} · ${label}`,
    method: 'POST',
    path: `/api/cases/${call.caseId}/arrive`,
    subject: `case:${call.caseId}`,
    body: {
      lon: at.lon,
      lat: at.lat,
      unit_id: call.unitId,
      happened_at: new Date(now()).toISOString(),
    },
  }
}
