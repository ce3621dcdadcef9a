// The areas that lie in a view, asked for when the map comes to rest; the latest request wins.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { ApiError, isAborted } from '@/shared/api/errors'
import type { Areas, Bounds, View } from '@/shared/map'
import { me, usePermissions } from '@/shared/session/session'

const NOTHING: Areas = { type: 'FeatureCollection', features: [] }
/** A grid's community: what has a card with bounds. */
const COMMUNITY_DIGITS = 12

export function useGridAreas(): {
  areas: ShallowRef<Areas>
  /** Where one's own area lies, once known. */
  home: ShallowRef<Bounds | undefined>
  look: (view: View) => Promise<void>
} {
  const { may } = usePermissions()
  const areas = shallowRef<Areas>(NOTHING)
  const home = shallowRef<Bounds>()
  let latest: AbortController | undefined

  onScopeDispose(() => latest?.abort())
  if (may('grid.read')) void findHome()
  return { areas, home, look }

  async function look({ bounds, zoom }: View): Promise<void> {
    if (!may('grid.read')) return
    latest?.abort()
    const mine = (latest = new AbortController())
    const found = await ask(bounds, zoom, mine.signal)
    if (found && mine === latest) areas.value = found
  }

  async function findHome(): Promise<void> {
    const code = me.value?.ranges[0]?.slice(0, COMMUNITY_DIGITS)
    if (!code) return
    const { data } = await api.GET('/api/divisions/{code}', { params: { path: { code } } })
    if (data?.bounds?.length === 4) home.value = data.bounds as Bounds
  }
}

/** Undefined when it was given up or failed: a map without outlines is still a map. */
async function ask(
  bounds: Bounds,
  zoom: number,
  signal: AbortSignal | undefined,
): Promise<Areas | undefined> {
  try {
    return (await call(
      api.GET('/api/grids/map', {
        params: { query: { bbox: bounds.map((degrees) => degrees.toFixed(6)).join(','), zoom } },
        ...(signal ? { signal } : {}),
      }),
    )) as unknown as Areas
  } catch (error) {
    if (error instanceof ApiError || isAborted(error)) return undefined
    throw error
  }
}
