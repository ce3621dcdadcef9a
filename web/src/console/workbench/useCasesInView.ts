// The cases of a queue that lie in the map's view, from the server: all of them, not only the rows that are loaded.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { ApiError, isAborted } from '@/shared/api/errors'
import type { components } from '@/shared/api/schema'
import { useLive } from '@/shared/live/useLive'
import type { View } from '@/shared/map'

import { changesCases } from '../cases/news'
import type { Asked } from './useQueue'

export type CasesInView = components['schemas']['MapOut']
export type PointInView = CasesInView['points'][number]

/** ms: the view and the queue change together; news of others wait longer. */
const SOON = 150
const NEWS = 3000

export interface CasesInViewOf {
  found: ShallowRef<CasesInView | undefined>
  look: (view: View) => void
}

export function useCasesInView(asked: () => Asked): CasesInViewOf {
  const found = shallowRef<CasesInView>()
  let view: View | undefined
  let latest: AbortController | undefined
  let timer: number | undefined
  let news: number | undefined

  watch(asked, () => {
    // Points of another queue would be a lie while the answer is under way.
    found.value = undefined
    soon()
  })
  useLive((event) => {
    if (!changesCases(event)) return
    news ??= window.setTimeout(() => {
      news = undefined
      void ask()
    }, NEWS)
  })
  onScopeDispose(() => {
    window.clearTimeout(timer)
    window.clearTimeout(news)
    latest?.abort()
  })

  return {
    found,
    look(at) {
      view = at
      soon()
    },
  }

  function soon(): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void ask(), SOON)
  }

  async function ask(): Promise<void> {
    if (!view) return
    latest?.abort()
    const mine = (latest = new AbortController())
    try {
      const answer = await call(
        api.GET('/api/cases/map', { params: { query: queryOf(asked(), view) }, signal: mine.signal }),
      )
      if (mine === latest) found.value = answer
    } catch (error) {
      // The rows that are loaded stay on the map; the next move asks again.
      if (!(error instanceof ApiError) && !isAborted(error)) throw error
    }
  }
}

function queryOf(asked: Asked, { bounds: [west, south, east, north], zoom }: View) {
  return {
    ...asked,
    west: Math.max(west, -180),
    south: Math.max(south, -90),
    east: Math.min(east, 180),
    north: Math.min(north, 90),
    zoom: Math.max(0, zoom),
  }
}
