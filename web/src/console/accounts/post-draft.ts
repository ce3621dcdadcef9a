import type { components } from '@/shared/api/schema'

export interface PostDraft {
  unit_id: number | undefined
  role: string
  codes: string[]
  title: string
  valid_from: string | null
  valid_to: string | null
}

export function emptyPost(unitId?: number): PostDraft {
  return { unit_id: unitId, role: '', codes: [], title: '', valid_from: null, valid_to: null }
}

export function postBody(draft: PostDraft): components['schemas']['PostNew'] {
  const { unit_id, valid_from, valid_to, ...rest } = draft
  return {
    ...rest,
    unit_id: unit_id ?? 0,
    ...(valid_from ? { valid_from } : {}),
    ...(valid_to ? { valid_to } : {}),
  }
}
