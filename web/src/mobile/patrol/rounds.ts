// Rounds of today as they lie on this phone, with the checks that still wait to be sent put on top.
import type { ComputedRef } from 'vue'
import { computed } from 'vue'

import type { CheckOut, FormOut, PointOut, RoundOut } from '../field'
import { given, type Answers } from '../forms/model'
import { pack } from '../pack/pack'
import { metresBetween } from '../place/inside'
import type { Position } from '../place/position'
import { newId } from '../store/ids'
import type { NewEntry } from '../queue/queue'
import type { Pending } from '../tasks/errands'

export interface CheckBody {
  id: string
  point_id: number | string
  how: CheckOut['how']
  happened_at: string
  lon?: number
  lat?: number
  accuracy?: number
  token?: string
  evidence?: string[]
  reason?: string
  sheet?: PointSheet
}

/** What the plan's form was answered with, at one point. */
export interface PointSheet {
  id: string
  form: string
  version: number
  answers: Answers
}

export interface ShownPoint extends PointOut {
  /** Metres from here, undefined while the phone does not know where it is. */
  distance: number | undefined
  pending: boolean
  near: boolean
}

export function usePoints(
  round: ComputedRef<RoundOut | undefined>,
  pending: ComputedRef<readonly Pending[]>,
  position: { value: Position | undefined },
): ComputedRef<ShownPoint[]> {
  return computed(() => {
    const mine = new Set(pending.value.map(({ content }) => (content.body as Partial<CheckBody>).point_id))
    return (round.value?.points ?? []).map((point) => {
      const at = position.value
      const distance = at ? Math.round(metresBetween(at, point)) : undefined
      return {
        ...point,
        distance,
        pending: mine.has(point.id),
        near: distance !== undefined && distance <= point.radius_m + (at?.accuracy ?? 0),
      }
    })
  })
}

export function checkEntry(
  round: RoundOut,
  point: PointOut,
  how: CheckOut['how'],
  happenedAt: string,
  at: Position | undefined,
  more: Pick<CheckBody, 'token' | 'evidence' | 'reason' | 'sheet'>,
): NewEntry {
  const body: CheckBody = {
    id: newId(),
    point_id: point.id,
    how,
    happened_at: happenedAt,
    ...(at ? { lon: at.lon, lat: at.lat, accuracy: at.accuracy } : {}),
    ...more,
  }
  return {
    operation: 'check',
    label: `${round.plan} · ${point.name}`,
    method: 'POST',
    path: `/api/field/patrols/${round.id}/checks`,
    subject: `round:${round.id}`,
    body,
    happenedAt,
  }
}

/** What each point of a round is asked; of a form that is out of use nothing. */
export function formOf(round: Pick<RoundOut, 'form'> | undefined): FormOut | undefined {
  return round?.form ? pack.value?.forms.find(({ code }) => code === round.form) : undefined
}

export function sheetOf(form: FormOut, answers: Answers): PointSheet {
  return { id: newId(), form: form.code, version: form.version, answers: given(form.schema, answers) }
}

/** The code on the door, as `wangge:point:TOKEN`; the phone knows it by its digest, so that this works without a network. */
export async function pointOfCode(
  text: string,
  points: readonly PointOut[],
): Promise<[PointOut, string] | undefined> {
  const token = /^wangge:point:(.+)$/.exec(text.trim())?.[1]
  if (!token) return undefined
  const digest = await sha256(token)
  const point = points.find(({ code_sha256: known }) => known === digest)
  return point && [point, token]
}

async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
