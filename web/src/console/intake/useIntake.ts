// Everything a call may come to: a case, a case joined to another, a line on one that is there, an answer and no case.
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

import { api, call } from '@/shared/api/client'
import { ApiError } from '@/shared/api/errors'
import { idempotencyKeys } from '@/shared/api/idempotency'
import { useErrors } from '@/shared/errors/useErrors'
import { useForm, type Form } from '@/shared/forms/useForm'
import { now } from '@/shared/time/clock'

import { sendMove } from '../cases/moves/send'
import type { CaseRow, Duplicate, Source } from '../cases/model'
import type { Match } from './MatchingAnswers.vue'
import { consultationOf, EMPTY, isBegun, reportOf, type IntakeValues } from './report'
import type { Reported } from './ReportedCard.vue'
import { useServerDraft, type ServerDraft } from './useServerDraft'

/** What was pressed besides the report itself. */
export type Then = 'accept' | 'settle' | 'nothing' | 'join'

export type Done =
  | { is: 'reported'; reported: Reported }
  | { is: 'answered'; answer: string; today: number }
  | { is: 'repeated'; row: CaseRow }

export interface Intake {
  form: Form<IntakeValues, Reported>
  draft: ServerDraft
  then: Ref<Then>
  done: ShallowRef<Done | undefined>
  /** Milliseconds; when the first word of this call was typed. */
  since: Ref<number | undefined>
  /** Raised when other values are written into the form, so that its parts begin with them. */
  edition: Ref<number>
  refused: ComputedRef<{ code: string; distance_m: number } | undefined>
  send: (what: Then) => Promise<boolean>
  join: (other: Duplicate) => Promise<void>
  answered: (told: { answer?: Match; words?: string }) => Promise<void>
  repeated: (row: CaseRow) => Promise<void>
  takeUp: (read: () => Promise<IntakeValues>) => Promise<void>
  again: () => void
}

export function useIntake(sources: readonly Source[]): Intake {
  const { t } = useI18n()
  const then = ref<Then>('nothing')
  const done = shallowRef<Done>()
  const since = ref<number>()
  const edition = ref(0)
  const consultationKey = idempotencyKeys()
  const joining = useErrors()
  const form = useForm<IntakeValues, Reported>({
    initial: { ...EMPTY, source: sources[0] ?? 'grid' },
    draft: 'intake',
    check: ({ title }) => (title.trim().length < 2 ? { title: t('intake.titleMissing') } : {}),
    submit: async (values, { key }) => {
      const body = reportOf(values, { accept: then.value === 'accept' })
      const answer = await call(api.POST('/api/cases', { body, headers: { 'Idempotency-Key': key } }))
      return { ...answer, title: body.title, settle: then.value === 'settle', joined: '', problem: '' }
    },
  })
  const { values } = form
  const draft = useServerDraft(values, () => isBegun(values))

  watch(values, () => {
    if (!done.value && isBegun(values)) since.value ??= now()
  })

  return {
    form,
    draft,
    then,
    done,
    since,
    edition,
    refused: computed(
      () => form.error.value?.data['nearest'] as { code: string; distance_m: number } | undefined,
    ),
    send,
    join,
    answered,
    repeated,
    takeUp,
    again,
  }

  async function send(what: Then): Promise<boolean> {
    then.value = what
    const reported = await form.submit()
    if (reported) await finish({ is: 'reported', reported })
    return reported !== undefined
  }

  /** First a case of its own, so that the caller has a number and a code; then it follows the other one. */
  async function join(other: Duplicate): Promise<void> {
    then.value = 'join'
    const reported = await form.submit()
    if (!reported) throw form.error.value ?? new ApiError(422, 'invalid', t('intake.titleMissing'))
    try {
      const body = { into_id: other.id, text: t('intake.joinedText'), version: reported.version }
      const moved = await sendMove(reported.id, 'join', body, consultationKey([reported.id, other.id]))
      await finish({ is: 'reported', reported: { ...reported, ...moved, joined: other.number } })
    } catch (error) {
      joining.capture(error)
      await finish({ is: 'reported', reported: { ...reported, problem: joining.message.value } })
    }
  }

  async function answered({ answer, words = '' }: { answer?: Match; words?: string }): Promise<void> {
    const body = consultationOf(values, { answerId: answer?.id, words })
    const headers = { 'Idempotency-Key': consultationKey(body) }
    const { today } = await call(api.POST('/api/consultations', { body, headers }))
    await finish({ is: 'answered', answer: answer?.title ?? words, today })
  }

  function repeated(row: CaseRow): Promise<void> {
    return finish({ is: 'repeated', row })
  }

  async function finish(what: Done): Promise<void> {
    done.value = what
    since.value = undefined
    window.scrollTo({ top: 0 })
    await draft.end()
  }

  async function takeUp(read: () => Promise<IntakeValues>): Promise<void> {
    form.reset({ ...EMPTY, ...(await read()) })
    done.value = undefined
    edition.value += 1
  }

  function again(): void {
    done.value = undefined
    form.reset({ ...EMPTY, source: values.source })
    edition.value += 1
  }
}
