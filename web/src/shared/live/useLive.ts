// New and changed work arrives by itself. One line for the page, as many listeners as there are components.
import { computed, onScopeDispose, readonly, shallowReactive, type ComputedRef } from 'vue'

import { config } from '../config/config'
import { checkSession, me } from '../session/session'
import type { LiveMessage, LiveState } from './connection'
import { openLine } from './line'
import type { LiveEvent } from './sse'

export type { LiveEvent } from './sse'

/** Sent by the server when it cannot replay what was missed: load again. */
export const RESET = 'resync'
const FEED = '/live/feed'

type Listener = (event: LiveEvent) => void

const listeners = new Set<Listener>()
const line = shallowReactive<{ state: LiveState; heardAt: number }>({ state: 'connecting', heardAt: 0 })
let close: (() => void) | undefined

/** Calls back for each event of the feed while the component lives. */
export function useLive(listener?: Listener): {
  state: ComputedRef<LiveState>
  /** ms of the latest sign of life, 0 if none yet. */
  heardAt: ComputedRef<number>
  /** True when what is on the screen may be behind. */
  isOld: ComputedRef<boolean>
} {
  if (listener) {
    listeners.add(listener)
    onScopeDispose(() => listeners.delete(listener))
  }
  const shown = readonly(line)
  return {
    state: computed(() => shown.state),
    heardAt: computed(() => shown.heardAt),
    isOld: computed(() => shown.state === 'lost' || shown.state === 'refused'),
  }
}

/** Opens the line for the person signed in. Called once by the frame; closed with it. */
export function startLive(): () => void {
  close ??= openLine(feedUrl(), `${String(me.value?.user.id)}.${String(me.value?.post.id)}`, hear)
  return () => {
    close?.()
    close = undefined
  }
}

/** `live_url` may be an origin, a whole address, or empty for our own origin; the path of the feed is fixed. */
function feedUrl(): string {
  return new URL(FEED, new URL(config.value.live_url, window.location.origin)).href
}

function hear(message: LiveMessage): void {
  if (message.type === 'event') {
    listeners.forEach((listener) => {
      listener(message.event)
    })
    return
  }
  line.state = message.state
  line.heardAt = message.heardAt
  if (message.state === 'refused') void checkSession()
}
