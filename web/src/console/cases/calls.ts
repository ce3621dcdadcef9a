// PROVISIONAL until the read side has landed
import { api, call } from '@/shared/api/client'
import type {
  CaseDetail,
  CaseRow,
  Category,
  CategoryGuess,
  Duplicate,
  Purpose,
  Revealed,
  Suggestion,
} from './model'

export interface CaseQuery {
  queue: string
  sort: string
  limit: number
  cursor: string | undefined
  phone?: string
  [name: string]: unknown
}
export interface Like {
  title: string
  address: string
  lon: number | null | undefined
  lat: number | null | undefined
  categoryId: number | undefined
}
const get = (path: string, query: object, signal?: AbortSignal) =>
  call(
    (api.GET as (path: string, init: object) => ReturnType<typeof api.GET>)(path, {
      params: { query },
      signal,
    }),
  ) as Promise<never>
export const loadCases = (
  query: CaseQuery,
  signal?: AbortSignal,
): Promise<{ items: CaseRow[]; next?: string | null }> => get('/api/cases', query, signal)
export const loadCase = (id: string, signal?: AbortSignal): Promise<CaseDetail> =>
  get(`/api/cases/${id}`, {}, signal)
export const loadCounts = (signal?: AbortSignal): Promise<Record<string, number>> =>
  get('/api/cases/counts', {}, signal)
export const loadDuplicates = (like: Like, signal?: AbortSignal): Promise<Duplicate[]> =>
  get('/api/cases/duplicates', like, signal)
export const loadSuggestions = (id: string, signal?: AbortSignal): Promise<Suggestion[]> =>
  get(`/api/cases/${id}/suggestions`, {}, signal)

/** The categories of every scheme in force, scheme by scheme. */
export async function loadCategories(): Promise<Category[]> {
  const schemes = await call(api.GET('/api/schemes'))
  const each = schemes.map(({ code }) =>
    call(api.GET('/api/categories', { params: { query: { scheme: code } } })),
  )
  return (await Promise.all(each)).flat()
}

export function guessCategories(text: string, signal: AbortSignal): Promise<CategoryGuess[]> {
  return call(api.POST('/api/categories/guess', { body: { text: text.slice(0, 2000) }, signal }))
}

export function revealReporters(id: string, body: { purpose: Purpose; reason: string }): Promise<Revealed[]> {
  return call(api.POST('/api/cases/{case_id}/reveal', { params: { path: { case_id: id } }, body }))
}
