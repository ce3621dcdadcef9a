// 占用: calls about who is on which case now.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type Claim = components['schemas']['ClaimOut']
export type AtWork = components['schemas']['AtWorkOut']
export type Looking = components['schemas']['LookingOut']
type Begun = components['schemas']['ClaimIn']['move']

const CASE = '/api/cases/{case_id}'

export function claimCase(id: string, move: string): Promise<AtWork> {
  return call(api.POST(`${CASE}/claim`, { params: { path: { case_id: id } }, body: { move: move as Begun } }))
}

export function takeOverCase(id: string, move: string, reason: string): Promise<AtWork> {
  return call(
    api.POST(`${CASE}/claim/take-over`, {
      params: { path: { case_id: id } },
      body: { move: move as Begun, reason },
    }),
  )
}

/** Also ends being seen here. Sent even while the page is going. */
export async function releaseCase(id: string): Promise<void> {
  await call(api.DELETE(`${CASE}/claim`, { params: { path: { case_id: id } }, keepalive: true }))
}

/** Still here: the heartbeat. `working` renews one's own claim. */
export function lookAtCase(id: string, working: boolean): Promise<AtWork> {
  return call(api.POST(`${CASE}/looking`, { params: { path: { case_id: id } }, body: { working } }))
}
