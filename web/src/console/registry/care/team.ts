// Who answers for somebody under care: one worker, and those who help (四帮一).
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type CareWorker = components['schemas']['CareWorkerOut']
export type Helper = components['schemas']['HelperIn']
export type Level = 1 | 2 | 3

export interface Team {
  level: Level
  worker_post: number | null
  helpers: Helper[]
}

export const LEVELS: readonly Level[] = [1, 2, 3]
export const ROLES: readonly Helper['role'][] = [
  'cadre',
  'grid_worker',
  'police',
  'doctor',
  'volunteer',
  'family',
]
export const MOST_HELPERS = 10

export function noTeam(): Team {
  return { level: 2, worker_post: null, helpers: [] }
}

/** Posts that may be given them, the nearest first. The number goes in the body, so that it stands in no log. */
export function workersFor(
  asked: { id_number: string } | { care_id: string },
  signal?: AbortSignal,
): Promise<CareWorker[]> {
  return call(api.POST('/api/registry/care/workers', { body: asked, ...(signal ? { signal } : {}) }))
}

/** Of another person's number others may be chosen: who may not is chosen no more. */
export function offered(team: Team, workers: readonly CareWorker[]): Team {
  const still = (post: number | null | undefined): number | null =>
    workers.some(({ post_id }) => post_id === post) ? (post ?? null) : null
  return {
    ...team,
    worker_post: still(team.worker_post),
    helpers: team.helpers.map((one) => ({ ...one, post_id: still(one.post_id) })),
  }
}

/** A helper without a name cannot be sent. */
export function teamFault(team: Team, needName: string): { team?: string } {
  return team.helpers.some(({ name }) => !name.trim()) ? { team: needName } : {}
}
