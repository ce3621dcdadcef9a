// The areas that lie in a view, asked for when the map comes to rest; the latest request wins.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { ApiError, isAborted } from '@/shared/api/errors'
import { config } from '@/shared/config/config'
import type { Areas, Bounds, View } from '@/shared/map'
import { me, usePermissions } from '@/shared/session/session'

const NOTHING: Areas = { type: 'FeatureCollection', features: [] }
/** Lengths of the codes of divisions, the smallest first. */
const DIVISIONS = [12, 9, 6, 4, 2]

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
    const own = me.value?.ranges[0]
    if (!own || !config.value.area) return // in a new house nothing is drawn, and divisions may not be there to ask for
    // What has no border of its own, a grid or a new community, lies in something that has.
    for (const digits of DIVISIONS.filter((one) => one <= own.length)) {
      const code = own.slice(0, digits)
      const { data } = await api.GET('/api/divisions/{code}', { params: { path: { code } } })
      if (data?.bounds?.length === 4) {
        home.value = data.bounds as Bounds
        return
      }
    }
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
        params: { query: { bbox: boxOf(bounds), zoom: Math.max(0, zoom) } },
        ...(signal ? { signal } : {}),
      }),
    )) as unknown as Areas
  } catch (error) {
    if (error instanceof ApiError || isAborted(error)) return undefined
    throw error
  }
}

/** From far away the map shows more than one world, and the server knows one. */
function boxOf([west, south, east, north]: Bounds): string {
  const box = [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)]
  return box.map((degrees) => degrees.toFixed(6)).join(',')
}
