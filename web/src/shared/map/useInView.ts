// What a layer shows of a view: asked for when the map rests, the latest view wins, what is shown stays meanwhile.
import {
  computed,
  inject,
  onScopeDispose,
  provide,
  shallowReactive,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type ShallowRef,
} from 'vue'

import { ApiError, isAborted } from '../api/errors'
import type { View } from './BaseMapCanvas.vue'

/** ms: a wheel turns in steps, and the map comes to rest after each. */
const SOON = 150

export interface InView<T> {
  found: ShallowRef<T | undefined>
  again: () => void
}

interface Asking {
  failed: ApiError | undefined
  again: () => void
}
const ASKING: InjectionKey<Set<Asking>> = Symbol('layers that ask')

/** For the map around the layers: a map without one of them is still a map, and it says so once for all of them. */
export function useMissing(): { missing: ComputedRef<ApiError | undefined>; again: () => void } {
  const asking = shallowReactive(new Set<Asking>())
  provide(ASKING, asking)
  const failing = computed(() => [...asking].filter(({ failed }) => failed))
  return {
    missing: computed(() => failing.value[0]?.failed),
    again() {
      failing.value.forEach((one) => {
        one.again()
      })
    },
  }
}

export function useInView<T>(
  view: () => View | undefined,
  ask: (view: View, signal: AbortSignal) => Promise<T | undefined>,
): InView<T> {
  const found = shallowRef<T>()
  const one = shallowReactive<Asking>({ failed: undefined, again: soon })
  const map = inject(ASKING, undefined)
  let latest: AbortController | undefined
  let timer: number | undefined

  map?.add(one)
  watch(view, soon, { immediate: true })
  onScopeDispose(() => {
    map?.delete(one)
    window.clearTimeout(timer)
    latest?.abort()
  })
  return { found, again: soon }

  function soon(): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void load(), SOON)
  }

  async function load(): Promise<void> {
    const seen = view()
    if (!seen) return
    latest?.abort()
    const mine = (latest = new AbortController())
    try {
      const answer = await ask(seen, mine.signal)
      if (mine !== latest) return
      found.value = answer
      one.failed = undefined
    } catch (error) {
      if (isAborted(error)) return
      if (!(error instanceof ApiError)) throw error
      if (mine === latest) one.failed = error
    }
  }
}

/** From far away the map shows more than one world, and the server knows one. */
export function worldBox({ bounds: [west, south, east, north] }: View) {
  return {
    west: Math.max(west, -180),
    south: Math.max(south, -90),
    east: Math.min(east, 180),
    north: Math.min(north, 90),
  }
}

/** `west,south,east,north` and the zoom, as the map's operations ask for them. */
export function boxQuery(view: View): { bbox: string; zoom: number } {
  const { west, south, east, north } = worldBox(view)
  const bbox = [west, south, east, north].map((degrees) => degrees.toFixed(6)).join(',')
  return { bbox, zoom: Math.max(0, view.zoom) }
}
