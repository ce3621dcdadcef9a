// One form: what was typed, whether it differs, sending it once, and what the server said about each field.
import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'

import { idempotencyKeys } from '../api/idempotency'
import { useErrors, type Errors } from '../errors/useErrors'
import { dropDraft, keepDraft, readDraft } from './drafts'

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
}

export interface Form<V extends object, R> {
  values: V
  dirty: ComputedRef<boolean>
  sending: Ref<boolean>
  fields: ComputedRef<Record<string, string>>
  message: Errors['message']
  error: Errors['error']
  /** The answer, or undefined when it was refused: what was typed stays. */
  submit: () => Promise<R | undefined>
  reset: (values?: V) => void
}

export function useForm<V extends object, R>(options: FormOptions<V, R>): Form<V, R> {
  const errors = useErrors()
  const sending = ref(false)
  const checked = ref<Record<string, string>>({})
  const saved = ref(JSON.stringify(options.initial))
  const kept = options.draft ? readDraft<V>(options.draft) : undefined
  const values = reactive({ ...copy(options.initial), ...kept }) as V
  const key = idempotencyKeys()

  const dirty = computed(() => JSON.stringify(values) !== saved.value)
  const fields = computed(() => ({ ...errors.fields.value, ...checked.value }))

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
    checked.value = found(options.check?.(values))
    if (Object.keys(checked.value).length > 0) return undefined
    sending.value = true
    const sent = copy(values)
    try {
      const answer = await options.submit(sent, { key: key(sent) })
      saved.value = JSON.stringify(sent)
      if (options.draft) dropDraft(options.draft)
      return answer
    } catch (caught) {
      errors.capture(caught)
      return undefined
    } finally {
      sending.value = false
    }
  }

  function reset(to: V = options.initial): void {
    // What was chosen and is not there in `to` goes as well: its copy names no such field.
    const absent = Object.keys(values).map((name) => [name, undefined])
    Object.assign(values, Object.fromEntries(absent), copy(to))
    saved.value = JSON.stringify(values) // not of `to`, which may name the same fields in another order
    checked.value = {}
    errors.clear()
    if (options.draft) dropDraft(options.draft)
  }

  return { values, dirty, sending, fields, message: errors.message, error: errors.error, submit, reset }
}

function copy<V>(values: V): V {
  return JSON.parse(JSON.stringify(values)) as V
}

function found(checked: Partial<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checked).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}
