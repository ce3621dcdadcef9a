// Loads again when the feed says that something happened, gathered, and every while because limits run out by themselves.
import { onScopeDispose } from 'vue'

import { RESET, useLive, type LiveEvent } from '@/shared/live/useLive'

const GATHER_MS = 1500
const AGAIN_EVERY_MS = 60_000

export function useRecurring(load: () => unknown, matters: (event: LiveEvent) => boolean): void {
  let waiting: number | undefined
  useLive((event) => {
    if (event.kind !== RESET && !matters(event)) return
    waiting ??= window.setTimeout(() => {
      waiting = undefined
      load()
    }, GATHER_MS)
  })
  const timer = window.setInterval(() => {
    if (!document.hidden) load()
  }, AGAIN_EVERY_MS)
  onScopeDispose(() => {
    window.clearTimeout(waiting)
    window.clearInterval(timer)
  })
}
