// Loads again when told to: one call at a time, the latest wish last, not more often than `gapMs`; a failure is tried
// again by itself, later and later.
import { onScopeDispose } from 'vue'

import { ApiError, isAborted } from '@/shared/api/errors'

const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 30_000

export function useRefresh(
  load: (signal: AbortSignal) => Promise<void>,
  gapMs: number,
  failed: (error: ApiError) => void = () => undefined,
): () => void {
  const over = new AbortController()
  let running = false
  let wanted = false
  let retryMs = FIRST_RETRY_MS
  let timer: number | undefined

  onScopeDispose(() => {
    over.abort()
    window.clearTimeout(timer)
  })
  return ask

  function ask(): void {
    wanted = true
    if (!running && timer === undefined) void run()
  }

  async function run(): Promise<void> {
    running = true
    wanted = false
    let waitMs = gapMs
    try {
      await load(over.signal)
      retryMs = FIRST_RETRY_MS
    } catch (error) {
      if (isAborted(error)) return
      if (!(error instanceof ApiError)) throw error
      failed(error)
      wanted = true
      waitMs = retryMs
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    } finally {
      running = false
    }
    timer = window.setTimeout(next, waitMs)
  }

  function next(): void {
    timer = undefined
    if (wanted) void run()
  }
}
