// What is being typed, kept on the server with every pause: taken up again on another machine, lost with no machine.
import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'

import { api, call } from '@/shared/api/client'
import { ApiError } from '@/shared/api/errors'
import { newUuid } from '@/shared/api/idempotency'
import type { components } from '@/shared/api/schema'
import { keepDraft, readDraft } from '@/shared/forms/drafts'

import type { IntakeValues } from './report'

export type DraftLine = components['schemas']['DraftOut']

/** Which draft this tab is at; the version is the one that the server had last. */
interface At {
  id: string
  version: number
}

/** `waiting`: not reached just now; the text is in this tab and goes there by itself. */
export type Keeping = 'nothing' | 'typing' | 'kept' | 'waiting' | 'conflict' | 'refused'

export interface ServerDraft {
  keeping: Ref<Keeping>
  keptAt: Ref<string>
  /** Why it cannot be kept, where that is for the person to mend. */
  refusal: ShallowRef<ApiError | undefined>
  /** All of one's own, without the one at hand. */
  others: ComputedRef<DraftLine[]>
  reload: () => Promise<void>
  /** Its values, to be written into the form. The one at hand is kept first; throws where it cannot be. */
  takeUp: (id: string) => Promise<IntakeValues>
  throwAway: (id: string) => Promise<void>
  /** After a conflict: what stands here goes over what stands there. */
  keepMine: () => Promise<void>
  /** After a conflict: what stands there. */
  takeTheirs: () => Promise<IntakeValues>
  /** Sent or given up: it is no draft any more, and the next one begins. */
  end: () => Promise<void>
}

const WAIT_MS = 1200
const AGAIN_MS = 4000
const PLACE = 'intake.at'

export function useServerDraft(values: IntakeValues, isWorthIt: () => boolean): ServerDraft {
  let at: At = readDraft<At>(PLACE) ?? { id: newUuid(), version: 0 }
  const id = ref(at.id)
  const keeping = ref<Keeping>('nothing')
  const keptAt = ref('')
  const refusal = shallowRef<ApiError>()
  const all = shallowRef<DraftLine[]>([])
  let timer: number | undefined
  let saved = ''
  /** Why the latest was not kept. */
  let fault: ApiError | undefined
  let running: Promise<void> = Promise.resolve()
  let isLeft = false

  watch(values, soon, { deep: true })
  onScopeDispose(() => {
    isLeft = true
    window.clearTimeout(timer)
    if (keeping.value === 'typing' || keeping.value === 'waiting') void save()
  })
  if (isWorthIt()) soon()
  void reload()

  return {
    keeping,
    keptAt,
    refusal,
    others: computed(() => all.value.filter((one) => one.id !== id.value)),
    reload,
    takeUp,
    throwAway,
    keepMine,
    takeTheirs,
    end,
  }

  function soon(): void {
    window.clearTimeout(timer)
    if (!isWorthIt()) saved = '' // what is typed into an empty form is new, also when it is the same again
    if (!isWorthIt() || text() === saved || keeping.value === 'conflict') return
    keeping.value = 'typing'
    timer = window.setTimeout(() => void save(), WAIT_MS)
  }

  /** One after another: a save that overtakes another would meet its version. */
  function save(): Promise<void> {
    window.clearTimeout(timer)
    running = running.then(put)
    return running
  }

  async function put(): Promise<void> {
    const sent = text()
    if (!isWorthIt() || sent === saved || keeping.value === 'conflict') return
    try {
      const answer = await call(
        api.PUT('/api/drafts/{draft_id}', {
          params: { path: { draft_id: at.id } },
          body: {
            values: JSON.parse(sent) as Record<string, never>,
            evidence: values.evidence,
            version: at.version,
          },
        }),
      )
      saved = sent
      go({ ...at, version: answer.version })
      keptAt.value = answer.changed_at
      fault = refusal.value = undefined
      keeping.value = text() === sent ? 'kept' : 'typing'
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      heard(error)
    }
  }

  function heard(error: ApiError): void {
    fault = error
    if (error.code === 'draft.changed') {
      at = { ...at, version: Number(error.data['version']) }
      keeping.value = 'conflict'
    } else if (error.status === 0 || error.status >= 500 || error.status === 429) {
      keeping.value = 'waiting'
      // Of a page that was left the text lies in this tab until it is opened again, which then keeps the same draft.
      if (!isLeft) timer = window.setTimeout(() => void save(), AGAIN_MS)
    } else {
      refusal.value = error
      keeping.value = 'refused'
    }
  }

  async function reload(): Promise<void> {
    try {
      all.value = await call(api.GET('/api/drafts'))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error // the list can wait
    }
  }

  async function takeUp(wanted: string): Promise<IntakeValues> {
    await save()
    // Nobody has decided yet whose text stands, or it lies in this tab alone: another over it would lose it.
    if (fault && isWorthIt() && text() !== saved) throw fault
    const found = await read(wanted)
    await reload()
    return found
  }

  async function read(wanted: string): Promise<IntakeValues> {
    const found = await call(api.GET('/api/drafts/{draft_id}', { params: { path: { draft_id: wanted } } }))
    const kept = found.values as unknown as IntakeValues
    saved = JSON.stringify(kept)
    fault = undefined
    go({ id: found.id, version: found.version })
    keeping.value = 'kept'
    keptAt.value = found.changed_at
    return kept
  }

  async function throwAway(wanted: string): Promise<void> {
    await call(api.DELETE('/api/drafts/{draft_id}', { params: { path: { draft_id: wanted } } }))
    await reload()
  }

  async function keepMine(): Promise<void> {
    keeping.value = 'typing'
    await save()
  }

  function takeTheirs(): Promise<IntakeValues> {
    return read(at.id)
  }

  async function end(): Promise<void> {
    window.clearTimeout(timer)
    await running
    const ended = at
    saved = text()
    fault = undefined
    keeping.value = 'nothing'
    go({ id: newUuid(), version: 0 })
    // What was sent is a case by now. A draft that could not be ended ends by itself in seven days.
    if (ended.version > 0) await throwAway(ended.id).catch(() => undefined)
  }

  function go(to: At): void {
    at = to
    id.value = to.id
    keepDraft(PLACE, to)
  }

  function text(): string {
    return JSON.stringify(values)
  }
}
