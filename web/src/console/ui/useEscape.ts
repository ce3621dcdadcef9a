// Escape closes what lies open over the page wherever the focus is. The library listens for it only while the focus is
// inside, and what was open before may have taken the focus back when it closed.
import { onScopeDispose, watch, type WatchSource } from 'vue'

export function useEscape(isOpen: WatchSource<boolean>, close: () => void): void {
  let listening = new AbortController()

  watch(isOpen, (open) => {
    listening.abort()
    if (!open) return
    listening = new AbortController()
    const { signal } = listening
    // Before the page's own keys, which leave alone what somebody has answered already: one Escape closes one thing.
    window.addEventListener('keydown', answer, { capture: true, signal })
  })
  onScopeDispose(() => listening.abort())

  function answer(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    close()
  }
}
