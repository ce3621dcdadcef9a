// Many moves, each sent by itself with a key of its own. What got no answer is sent again with the same key, after a
// lost connection and after the page was loaded anew: nothing is done twice.
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

import { ApiError } from '@/shared/api/errors'
import { newUuid } from '@/shared/api/idempotency'
import { errorMessage } from '@/shared/errors/useErrors'
import { dropDraft, keepDraft, readDraft } from '@/shared/forms/drafts'
import { translate } from '@/shared/i18n'

import { sendMove } from '../moves/send'

export type Result = 'waiting' | 'sending' | 'done' | 'refused' | 'unanswered'

export interface Job {
  id: string
  number: string
  title: string
  body: Record<string, unknown>
  key: string
  result: Result
  /** Of a refusal. */
  why: string
}

export interface Batch {
  kind: string
  label: string
  jobs: Job[]
}

export interface Run {
  batch: ShallowRef<Batch | undefined>
  running: Ref<boolean>
  counts: ComputedRef<Record<Result, number>>
  /** Done, or refused for good: nothing is left to be sent. */
  isOver: ComputedRef<boolean>
  begin: (kind: string, label: string, jobs: Omit<Job, 'key' | 'result' | 'why'>[]) => Promise<void>
  /** What has no answer yet, once more. */
  goOn: () => Promise<void>
  forget: () => void
}

const NAME = 'many'
/** At once: the server does each in some milliseconds, and others want to be served too. */
const LANES = 3
const UNSENT: readonly Result[] = ['waiting', 'sending', 'unanswered']

let only: Run | undefined

/** One for the whole console: it goes on while one looks at another page, and is found again from there. */
export function useRun(): Run {
  only ??= newRun()
  return only
}

/** Taken up where the page, before it was loaded anew, had come to. */
export function newRun(): Run {
  const batch = shallowRef<Batch | undefined>(readDraft<Batch>(NAME))
  const running = ref(false)
  const counts = computed(() => {
    const found: Record<Result, number> = { waiting: 0, sending: 0, done: 0, refused: 0, unanswered: 0 }
    for (const { result } of batch.value?.jobs ?? []) found[result] += 1
    return found
  })
  const isOver = computed(() => UNSENT.every((result) => counts.value[result] === 0))

  return { batch, running, counts, isOver, begin, goOn, forget }

  async function begin(
    kind: string,
    label: string,
    jobs: Omit<Job, 'key' | 'result' | 'why'>[],
  ): Promise<void> {
    batch.value = {
      kind,
      label,
      jobs: jobs.map((job) => ({ ...job, key: newUuid(), result: 'waiting', why: '' })),
    }
    await goOn()
  }

  async function goOn(): Promise<void> {
    if (!batch.value || running.value) return
    running.value = true
    keep()
    const left = batch.value.jobs.filter(({ result }) => UNSENT.includes(result))
    try {
      await Promise.all(Array.from({ length: LANES }, () => lane(left)))
    } finally {
      running.value = false
      keep()
    }
  }

  /** Stops at the first that gets no answer: the next ones would not either. */
  async function lane(left: Job[]): Promise<void> {
    for (let job = left.shift(); job && batch.value; job = left.shift()) {
      put(job.id, { result: 'sending' })
      const result = await send(batch.value.kind, job)
      put(job.id, result)
      if (result.result === 'unanswered') left.length = 0
    }
  }

  async function send(kind: string, job: Job): Promise<Pick<Job, 'result' | 'why'>> {
    try {
      await sendMove(job.id, kind, job.body, job.key)
      return { result: 'done', why: '' }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const mayHaveHappened = error.isNetwork || error.status >= 500 || error.status === 401
      return { result: mayHaveHappened ? 'unanswered' : 'refused', why: reasonOf(error) }
    }
  }

  function put(id: string, change: Partial<Job>): void {
    if (!batch.value) return
    const jobs = batch.value.jobs.map((job) => (job.id === id ? { ...job, ...change } : job))
    batch.value = { ...batch.value, jobs }
    keep()
  }

  function keep(): void {
    if (batch.value) keepDraft(NAME, batch.value)
  }

  function forget(): void {
    batch.value = undefined
    dropDraft(NAME)
  }
}

function reasonOf(error: ApiError): string {
  return Object.values(error.fields).join(' ') || errorMessage(error, translate)
}
