// Tables made in the background: asked for here, watched until they are ready wherever the person has gone meanwhile.
// The feed says when one went on, which others decide on or the worker ends; how many rows it has is asked for.
import { ElNotification } from 'element-plus'
import { h, ref, shallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { idempotencyKeys } from '@/shared/api/idempotency'
import type { components } from '@/shared/api/schema'
import { translate } from '@/shared/i18n'
import { RESET, useLive } from '@/shared/live/useLive'

import { tellDone } from '../ui/tell'

type Schemas = components['schemas']

export type Job = Schemas['TableExportOut']
export type Format = Schemas['CaseExportIn']['format']
export type JournalBody = Schemas['JournalExportIn']
export const FORMATS: readonly Format[] = ['xlsx', 'csv', 'pdf']
/** The journal's are kept longer (`expires_at` says each day). */
export const KEPT_DAYS = 3

const LOOK_EVERY_MS = 2000
const SHOWN = 100

export const jobs = shallowRef<Job[]>([])
const watched = new Set<string>()
const looking = ref(false)
/** Tried again it is the same table; asked for again after it was begun, another one. */
let keyOf = idempotencyKeys()

/** In the frame, once. */
export function useJobs(): void {
  useLive(({ kind, data }) => {
    if (kind === 'export') goesOn((data as { id: string }).id)
    else if (kind === RESET && jobs.value.some(isOpen)) look()
  })
}

export async function askCases(
  body: Omit<Schemas['CaseExportIn'], 'filters'> & { filters: object },
): Promise<void> {
  const options = { body: body as Schemas['CaseExportIn'], headers: { 'Idempotency-Key': keyOf(body) } }
  started(await call(api.POST('/api/exports/cases', options)))
}

export async function askAnalysis(
  body: Omit<Schemas['AnalysisExportIn'], 'asked'> & { asked: object },
): Promise<void> {
  const options = { body: body as Schemas['AnalysisExportIn'], headers: { 'Idempotency-Key': keyOf(body) } }
  started(await call(api.POST('/api/exports/analysis', options)))
}

export async function askJournal(body: JournalBody): Promise<void> {
  const options = { body, headers: { 'Idempotency-Key': keyOf(body) } }
  started(await call(api.POST('/api/exports/journal', options)))
}

/** For somebody else to approve; it is made after that. */
export async function proposeRegistry(body: Schemas['RegistryExportIn']): Promise<void> {
  const options = { body, headers: { 'Idempotency-Key': keyOf(body) } }
  const job = await call(api.POST('/api/exports/registry', options))
  keyOf = idempotencyKeys()
  jobs.value = [job, ...jobs.value]
}

export async function loadJobs(): Promise<void> {
  jobs.value = (await call(api.GET('/api/exports', { params: { query: { limit: SHOWN } } }))).items
  tell()
  if (watched.size > 0) look()
}

export function fileUrl({ id }: Job): string {
  return `/api/exports/${id}/file`
}

export function signatureUrl({ id }: Job): string {
  return `/api/exports/${id}/signature`
}

function isUnfinished({ state }: Job): boolean {
  return state === 'waiting' || state === 'running'
}

/** Not over, and not only for us to wait for. */
function isOpen(job: Job): boolean {
  return isUnfinished(job) || job.state === 'proposed'
}

/** What is known to be over has been told. */
function goesOn(id: string): void {
  const known = jobs.value.find((job) => job.id === id)
  if (known && !isOpen(known)) return
  watched.add(id)
  look()
}

function started(job: Job): void {
  keyOf = idempotencyKeys()
  tellDone(translate('exports.asked'))
  watched.add(job.id)
  jobs.value = [job, ...jobs.value]
  look()
}

/** One timer, however many are watched; a failed look is tried again by the next. */
function look(): void {
  if (looking.value) return
  looking.value = true
  window.setTimeout(() => {
    looking.value = false
    void loadJobs().catch(look)
  }, LOOK_EVERY_MS)
}

/** After it only those are watched that are in the making. */
function tell(): void {
  const over = jobs.value.filter((job) => !isUnfinished(job) && watched.has(job.id))
  watched.clear()
  jobs.value.filter(isUnfinished).forEach(({ id }) => watched.add(id))
  for (const job of over) {
    const words = { title: job.title, problem: job.problem }
    if (job.state === 'ready') {
      const link = h('a', { href: fileUrl(job), download: '' }, translate('exports.ready', words))
      ElNotification({ type: 'success', title: translate('exports.title'), message: link, duration: 0 })
    } else if (job.state === 'failed' || job.state === 'refused')
      ElNotification({
        type: job.state === 'failed' ? 'error' : 'warning',
        title: translate('exports.title'),
        message: translate(`exports.${job.state}`, words),
      })
  }
}
