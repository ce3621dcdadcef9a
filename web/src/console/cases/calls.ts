// Every reading of cases that more than one page does.
import { api, call } from '@/shared/api/client'
import type { components, paths } from '@/shared/api/schema'

import type {
  CaseDetail,
  CaseRow,
  Category,
  CategoryGuess,
  DispatchPreviewed,
  Duplicate,
  Purpose,
  Revealed,
  StartedClock,
  Suggestions,
  UnitLoads,
} from './model'

export type CaseQuery = NonNullable<paths['/api/cases']['get']['parameters']['query']> & { phone?: string }
/** What narrows a list, without its order and its page. */
export type ExportQuery = Omit<CaseQuery, 'sort' | 'cursor' | 'limit'>

/** What is being taken in, so far. */
export interface Like {
  title: string
  address: string
  lon: number | null | undefined
  lat: number | null | undefined
  categoryId: number | undefined
}

const LONGEST_GUESS = 2000

/** By a telephone in a body: it stands in no address, no log. */
export function loadCases(
  { phone, ...query }: CaseQuery,
  signal: AbortSignal,
): Promise<{ items: CaseRow[]; next?: string | null }> {
  const asked = given(query)
  if (!phone) return call(api.GET('/api/cases', { params: { query: asked }, signal }))
  const body = { ...asked, phone } as components['schemas']['SearchIn'] // what is left out has the server's default
  return call(api.POST('/api/cases/search', { body, signal }))
}

export function loadCase(id: string, signal: AbortSignal): Promise<CaseDetail> {
  return call(api.GET('/api/cases/{case_id}', { params: { path: { case_id: id } }, signal }))
}

/** Cases in each open queue of this post. */
export async function loadCounts(signal: AbortSignal): Promise<Record<string, number>> {
  return (await call(api.GET('/api/cases/counts', { signal }))).counts
}

export function loadDuplicates(like: Like, signal: AbortSignal): Promise<Duplicate[]> {
  const { categoryId, ...rest } = like
  const query = given({ ...rest, category_id: categoryId })
  return call(api.GET('/api/cases/duplicates', { params: { query }, signal }))
}

export function loadSuggestions(id: string, signal: AbortSignal): Promise<Suggestions> {
  return call(api.GET('/api/cases/{case_id}/suggestions', { params: { path: { case_id: id } }, signal }))
}

export function loadUnitLoads(ids: number[], signal: AbortSignal): Promise<UnitLoads> {
  return call(api.GET('/api/cases/unit-loads', { params: { query: { ids } }, signal }))
}

/** The clocks that a dispatch would start, by the code that starts them. Writes nothing. */
export async function previewDispatch(
  id: string,
  body: DispatchPreviewed,
  signal: AbortSignal,
): Promise<StartedClock[]> {
  const params = { path: { case_id: id } }
  return (await call(api.POST('/api/cases/{case_id}/dispatch/preview', { params, body, signal }))).clocks
}

/** The categories of every scheme in force, scheme by scheme. */
export async function loadCategories(): Promise<Category[]> {
  const schemes = await call(api.GET('/api/schemes'))
  const each = schemes.map(({ code }) =>
    call(api.GET('/api/categories', { params: { query: { scheme: code } } })),
  )
  return (await Promise.all(each)).flat()
}

export function guessCategories(text: string, signal: AbortSignal): Promise<CategoryGuess[]> {
  return call(api.POST('/api/categories/guess', { body: { text: text.slice(0, LONGEST_GUESS) }, signal }))
}

export function revealReporters(id: string, body: { purpose: Purpose; reason: string }): Promise<Revealed[]> {
  return call(api.POST('/api/cases/{case_id}/reveal', { params: { path: { case_id: id } }, body }))
}

/** Without what was not said: an empty value in an address would be a value. */
function given<T extends object>(query: T): T {
  const said = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return Object.fromEntries(said) as T
}
