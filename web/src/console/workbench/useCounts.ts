// How many cases are in each queue: asked at the start, and again soon after news, never more than every few seconds.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

import { isAborted } from '@/shared/api/errors'
import { useLive } from '@/shared/live/useLive'

import { loadCounts } from '../cases/calls'
import { changesCases } from '../cases/news'

const EVERY_MS = 2000

export function useCounts(): ShallowRef<Record<string, number>> {
  const counts = shallowRef<Record<string, number>>({})
  const over = new AbortController()
  let timer: number | undefined

  useLive((event) => {
    if (!changesCases(event)) return
    timer ??= window.setTimeout(() => void ask(), EVERY_MS)
  })
  onScopeDispose(() => {
    window.clearTimeout(timer)
    over.abort()
  })
  void ask()
  return counts

  async function ask(): Promise<void> {
    timer = undefined
    try {
      counts.value = await loadCounts(over.signal)
    } catch (error) {
      // An old number stays better than none; the next news asks again.
      if (!isAborted(error)) console.warn(error)
    }
  }
}
