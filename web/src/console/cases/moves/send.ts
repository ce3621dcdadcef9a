// Sending a move: one address for each, all answered the same way.
import { api, call } from '@/shared/api/client'
import type { components, paths } from '@/shared/api/schema'

export type Moved = components['schemas']['MovedOut']

/** All moves are sent alike; this one stands for the type of them. */
type MovePath = '/api/cases/{case_id}/note'

/** `key`: the Idempotency-Key; the same while what is sent is the same. */
export function sendMove(
  caseId: string,
  kind: string,
  body: Record<string, unknown>,
  key: string,
): Promise<Moved> {
  const path = `/api/cases/{case_id}/${kind.replaceAll('_', '-')}` as MovePath & keyof paths
  return call(
    api.POST(path, {
      params: { path: { case_id: caseId } },
      body: body as never,
      headers: { 'Idempotency-Key': key },
    }),
  )
}
