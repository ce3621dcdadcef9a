// Copies of what the server answered, sealed: a page shows the copy first and says how old it is.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { ApiError, isAborted } from '@/shared/api/errors'
import { now, stopwatch } from '@/shared/time/clock'

import { db } from './db'
import { NoKey, openJson, sealJson } from './seal'

/** `at`: ms when it was asked for. */
export async function keep(name: string, value: unknown, at = now()): Promise<void> {
  const sealed = await sealJson(value)
  await db.kept.put({ name, at, bytes: sealed.data.byteLength, sealed })
}

export async function kept<T>(name: string): Promise<{ value: T; at: number } | undefined> {
  const row = await db.kept.get(name)
  return row && { value: await openJson<T>(row.sealed), at: row.at }
}

export interface Kept<T> {
  data: ShallowRef<T | undefined>
  /** ms when `data` was asked for, 0 while there is none: what was done later may not be in it. */
  at: Ref<number>
  loading: Ref<boolean>
  /** Why it could not be asked again; with `data` there it is only older. */
  error: ShallowRef<ApiError | undefined>
  reload: () => Promise<void>
}

/** The copy on this phone at once, then the server's answer, kept for the next time. */
export function useKept<T>(name: string, ask: (signal: AbortSignal) => Promise<T>): Kept<T> {
  const data = shallowRef<T>()
  const at = ref(0)
  const loading = ref(true)
  const error = shallowRef<ApiError>()
  const life = new AbortController()
  let turns = 0
  let shown = 0
  onScopeDispose(() => {
    life.abort()
  })

  async function reload(): Promise<void> {
    const turn = ++turns
    const askedAt = stopwatch()
    loading.value = true
    error.value = undefined
    try {
      const answered = await ask(life.signal)
      if (turn < shown) return // overtaken by a later one
      shown = turn
      data.value = answered
      at.value = askedAt()
      await keep(name, answered, at.value)
    } catch (caught) {
      if (isAborted(caught) || caught instanceof NoKey) return
      if (!(caught instanceof ApiError)) throw caught
      error.value = caught
    } finally {
      loading.value = false
    }
  }

  async function start(): Promise<void> {
    const copy = await kept<T>(name).catch(() => undefined)
    if (copy && !data.value) {
      data.value = copy.value
      at.value = copy.at
    }
    await reload()
  }
  void start()
  return { data, at, loading, error, reload }
}
