// Height in pixels of a list that scrolls by itself: what the window has beside the rest of its page. The library's
// virtual trees take a number, not a stylesheet's word for it.
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** `beside`: what the rest of the page needs. `least`: below it the page scrolls instead. */
export function useRoomBelow({ beside, least }: { beside: number; least: number }): Readonly<Ref<number>> {
  const room = ref(0)
  const measure = () => (room.value = Math.max(least, window.innerHeight - beside))
  measure()
  window.addEventListener('resize', measure)
  onScopeDispose(() => window.removeEventListener('resize', measure))
  return readonly(room)
}
