// Escape closes what lies open over the page wherever the focus is. The library listens for it only while the focus is
// inside, and what was open before may have taken the focus back when it closed.
import { onScopeDispose, watch, type WatchSource } from 'vue'

export function useEscape(isOpen: WatchSource<boolean>, close: () => void): void {
  let listening = new AbortController()

  watch(isOpen, (open) => {
    listening.abort()
    if (!open) return
    listening = new AbortController()
    window.addEventListener('keydown', (event) => event.key === 'Escape' && close(), {
      signal: listening.signal,
    })
  })
  onScopeDispose(() => listening.abort())
}
