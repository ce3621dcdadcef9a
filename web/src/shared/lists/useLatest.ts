// Asked while typing: waits for a pause, gives up what is no longer wanted, and the latest answer wins.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

import { ApiError, isAborted } from '../api/errors'

export interface Asking<Q, T> {
  /** What to ask for; undefined: nothing, and the answer is taken away. */
  about: () => Q | undefined
  ask: (about: Q, signal: AbortSignal) => Promise<T>
  waitMs: number
  /** The old answer stays until the new one is there. */
  keep?: boolean
}

/** Undefined while nothing is known, also where the server could not be reached: what is asked so only helps. */
export function useLatest<Q, T>({
  about,
  ask,
  waitMs,
  keep = false,
}: Asking<Q, T>): ShallowRef<T | undefined> {
  const found = shallowRef<T>()
  let timer: number | undefined
  let latest: AbortController | undefined

  // By its text: what is asked is often made anew with each letter and says the same.
  watch(() => JSON.stringify(about()), soon, { immediate: true })
  onScopeDispose(stop)
  return found

  function stop(): void {
    window.clearTimeout(timer)
    latest?.abort()
  }

  function soon(): void {
    stop()
    const wanted = about()
    if (wanted === undefined || !keep) found.value = undefined
    if (wanted !== undefined) timer = window.setTimeout(() => void answer(wanted), waitMs)
  }

  async function answer(wanted: Q): Promise<void> {
    const mine = (latest = new AbortController())
    try {
      const answered = await ask(wanted, mine.signal)
      if (mine === latest && !mine.signal.aborted) found.value = answered
    } catch (error) {
      if (!(error instanceof ApiError) && !isAborted(error)) throw error
    }
  }
}
