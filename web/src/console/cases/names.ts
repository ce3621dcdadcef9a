// Names of what an address says by code or path. Until it is known, or where it has none, it stands as it is.
import { ref, watch, type Ref } from 'vue'

import { api } from '@/shared/api/client'

import type { UnitChoice } from './model'

const GRID_DIGITS = 15
const FOUND = 30

export function placeName(code: () => string): Ref<string> {
  return named(code, async (wanted) => {
    const params = { path: { code: wanted } }
    const { data } =
      wanted.length < GRID_DIGITS
        ? await api.GET('/api/divisions/{code}', { params })
        : await api.GET('/api/grids/{code}', { params })
    return data?.name
  })
}

export function unitName(path: () => string): Ref<string> {
  return named(path, async (wanted) => (await unitAt(wanted))?.name)
}

/** The unit at the end of a path, found by its code. */
export async function unitAt(path: string): Promise<UnitChoice | undefined> {
  const q = path.split('/').at(-2)
  if (!q) return undefined
  const { data } = await api.GET('/api/units', { params: { query: { q, limit: FOUND } } })
  return data?.items.find((unit) => unit.path === path)
}

function named(key: () => string, find: (wanted: string) => Promise<string | undefined>): Ref<string> {
  const name = ref('')
  watch(
    key,
    async (wanted) => {
      name.value = wanted
      const found = wanted ? await find(wanted) : undefined
      if (found && key() === wanted) name.value = found
    },
    { immediate: true },
  )
  return name
}
