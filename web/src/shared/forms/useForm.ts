// One form: what was typed, whether it differs, sending it once, and what the server said about each field.
import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import { ApiError } from '../api/errors'
import { idempotencyKeys } from '../api/idempotency'
import { useErrors, type Errors } from '../errors/useErrors'
import { dropDraft, keepDraft, readDraft } from './drafts'
import { followed, type Followed } from './followed'
import { provideUnderway } from './underway'

interface Sending {
  /** For a POST that creates: `headers: { 'Idempotency-Key': key }`. The same until the content changes. */
  key: string
}

export interface FormOptions<V extends object, R> {
  initial: V
  submit: (values: V, sending: Sending) => Promise<R>
  /** A sentence for each field that cannot be sent yet; the server remains the judge. */
  check?: (values: V) => Partial<Record<keyof V & string, string>>
  /** Name under which the text is kept through a reload, for this tab, until it is sent or the person signs out. */
  draft?: string
  /**
   * For what has a version: the refusal's code that says somebody was first, and what stands by then (its version is the
   * page's to keep). What was not touched here follows it, what was typed stays, and the next press is over it.
   */
  overtaken?: { code: string; load: () => Promise<V> }
}

export interface Form<V extends object, R> {
  values: V
  dirty: ComputedRef<boolean>
  sending: Ref<boolean>
  fields: ComputedRef<Record<string, string>>
  message: ComputedRef<string>
  error: Errors['error']
  /** The answer, or undefined when it was refused: what was typed stays. */
  submit: () => Promise<R | undefined>
  reset: (values?: V) => void
}

export function useForm<V extends object, R>(options: FormOptions<V, R>): Form<V, R> {
  const { t } = useI18n()
  const errors = useErrors()
  const sending = ref(false)
  const checked = ref<Record<string, string>>({})
  const saved = ref(JSON.stringify(options.initial))
  const kept = options.draft ? readDraft<V>(options.draft) : undefined
  const values = reactive({ ...copy(options.initial), ...kept }) as V
  const key = idempotencyKeys()
  const underway = provideUnderway()
  /** Set once somebody was first: the fields that both changed. */
  const both = ref<string[]>()

  const dirty = computed(() => JSON.stringify(values) !== saved.value)
  const fields = computed(() => ({
    ...Object.fromEntries((both.value ?? []).map((name) => [name, t('error.alsoChanged')])),
    ...errors.fields.value,
    ...checked.value,
  }))
  const message = computed(() => (both.value ? t('error.overtaken') : errors.message.value))

  watch(values, () => {
    if (options.draft && dirty.value) keepDraft(options.draft, values)
    // What was found missing is let go of as soon as it is there; nothing new is objected to while one types.
    const still = found(options.check?.(values))
    checked.value = Object.fromEntries(
      Object.keys(checked.value).flatMap((name) => {
        const fault = still[name]
        return fault ? [[name, fault]] : []
      }),
    )
  })

  async function submit(): Promise<R | undefined> {
    if (sending.value) return undefined
    errors.clear()
    both.value = undefined
    sending.value = true
    try {
      if (!(await underway.ended())) return undefined
      checked.value = found(options.check?.(values))
      if (Object.keys(checked.value).length > 0) return undefined
      const sent = copy(values)
      const answer = await options.submit(sent, { key: key(sent) })
      saved.value = JSON.stringify(sent)
      if (options.draft) dropDraft(options.draft)
      return answer
    } catch (caught) {
      errors.capture(caught)
      await follow(caught)
      return undefined
    } finally {
      sending.value = false
    }
  }

  /** Without an answer it stays at the refusal's own sentence, and the next press asks again. */
  async function follow(refused: unknown): Promise<void> {
    const { overtaken } = options
    if (!overtaken || !(refused instanceof ApiError) || refused.code !== overtaken.code) return
    let stands: V
    try {
      stands = await overtaken.load()
    } catch (caught) {
      if (caught instanceof ApiError) return
      throw caught
    }
    const now: Followed<V> = followed({
      typed: values,
      before: JSON.parse(saved.value) as V,
      stands: copy(stands),
    })
    Object.assign(values, now.values)
    saved.value = JSON.stringify(now.before)
    both.value = now.both
  }

  function reset(to: V = options.initial): void {
    // What was chosen and is not there in `to` goes as well: its copy names no such field.
    const absent = Object.keys(values).map((name) => [name, undefined])
    Object.assign(values, Object.fromEntries(absent), copy(to))
    saved.value = JSON.stringify(values) // not of `to`, which may name the same fields in another order
    checked.value = {}
    both.value = undefined
    errors.clear()
    if (options.draft) dropDraft(options.draft)
  }

  return { values, dirty, sending, fields, message, error: errors.error, submit, reset }
}

function copy<V>(values: V): V {
  return JSON.parse(JSON.stringify(values)) as V
}

function found(checked: Partial<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checked).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}
