// Which grid a point lies in, told while the place is being set; outside every grid, the nearest one.
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import { ApiError, isAborted } from '@/shared/api/errors'
import type { components } from '@/shared/api/schema'
import { usePermissions } from '@/shared/session/session'

export type Located = components['schemas']['LocatedOut']

export function useLocated(
  place: () => { lon: number; lat: number } | undefined,
): ShallowRef<Located | undefined> {
  const { may } = usePermissions()
  const found = shallowRef<Located>()
  let latest: AbortController | undefined

  watch(place, (at) => void locate(at), { immediate: true, deep: true })
  onScopeDispose(() => latest?.abort())
  return found

  async function locate(at: { lon: number; lat: number } | undefined): Promise<void> {
    latest?.abort()
    found.value = undefined
    if (!at || !may('grid.read')) return
    const mine = (latest = new AbortController())
    try {
      const answer = await call(
        api.GET('/api/grids/locate', { params: { query: { ...at } }, signal: mine.signal }),
      )
      if (mine === latest) found.value = answer
    } catch (error) {
      // The report itself says it again, with the reason.
      if (!(error instanceof ApiError) && !isAborted(error)) throw error
    }
  }
}
