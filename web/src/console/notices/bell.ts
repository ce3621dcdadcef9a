// The bell: what it says, kept in step with the feed. One for the whole console, held by the frame.
import { onScopeDispose, ref, shallowRef } from 'vue'

import { RESET, useLive } from '@/shared/live/useLive'

import { playSoftly } from '../workbench/sound'
import { loadUnread, type Unread } from './model'

/** ms: a digest or the end of quiet hours comes without an event. */
const AGAIN_EVERY = 60_000
/** ms: many notices in one breath are asked for once, and many desks not in the same instant. */
const GATHER = 250
const SPREAD = 500

export const unread = shallowRef<Unread>()
/** Counts up when something came; lists that are open load again. */
export const rung = ref(0)

let callOut: (() => void) | undefined

/** In the frame, once. `urgent` is called when something came that cannot wait. */
export function useBell(urgent: () => void): void {
  let timer: number | undefined
  let stopped = false
  callOut = urgent
  const again = window.setInterval(() => void look(), AGAIN_EVERY)

  useLive(({ kind }) => {
    if (kind !== 'notice' && kind !== RESET) return
    timer ??= window.setTimeout(() => void look(), GATHER + Math.random() * SPREAD)
  })
  onScopeDispose(() => {
    stopped = true
    callOut = undefined
    window.clearInterval(again)
    window.clearTimeout(timer)
  })
  void look()

  async function look(): Promise<void> {
    window.clearTimeout(timer)
    timer = undefined
    // Failing is no news: the badge keeps what it says, and the next look comes within the minute.
    const found = await loadUnread().catch(() => undefined)
    if (found && !stopped) take(found)
  }
}

/** After something was read here, so many urgent ones among it. What came in the same moment rings as ever. */
export async function recount(urgentRead = 0): Promise<void> {
  const before = unread.value
  if (before) unread.value = { ...before, urgent: Math.max(0, before.urgent - urgentRead) }
  take(await loadUnread())
}

function take(found: Unread): void {
  const before = unread.value
  unread.value = found
  if (!before || found.latest <= before.latest) return
  rung.value += 1
  if (found.sound) playSoftly()
  if (found.urgent > before.urgent) callOut?.()
}
