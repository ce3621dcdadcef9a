// The draft on the server that a page draws up: made by its first save, written over by the next ones.
import { shallowRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { idempotencyKeys } from '@/shared/api/idempotency'

import type { PlanCard, Step } from './model'

export interface PlanContent {
  title: string
  date: string
  reason: string
  steps: readonly Step[]
}

export interface KeptPlan {
  /** As it was kept last; undefined until it is. */
  card: ShallowRef<PlanCard | undefined>
  save: (content: PlanContent) => Promise<PlanCard>
  /** What was kept. */
  submit: (card: PlanCard) => Promise<PlanCard>
}

export function useKeptPlan(begun: PlanCard | undefined): KeptPlan {
  const card = shallowRef(begun)
  const keyOf = idempotencyKeys()

  return {
    card,
    async save({ steps, ...values }) {
      const known = card.value
      const body = { ...values, steps: [...steps], version: known?.version ?? 0 }
      const kept = known
        ? await call(api.PUT('/api/plans/{plan_id}', { params: { path: { plan_id: known.id } }, body }))
        : await call(api.POST('/api/plans', { body, headers: { 'Idempotency-Key': keyOf(body) } }))
      card.value = kept
      return kept
    },
    submit({ id }) {
      return call(api.POST('/api/plans/{plan_id}/submit', { params: { path: { plan_id: id } } }))
    },
  }
}
