// All categories of the schemes in force, once for the page: a few hundred, searched here while typing.
import { computed, shallowRef, type ComputedRef } from 'vue'

import { loadCategories } from '../calls'
import type { Category } from '../model'

const all = shallowRef<Category[]>([])
let asked: Promise<void> | undefined

export interface Categories {
  all: ComputedRef<Category[]>
  byId: (id: number | undefined) => Category | undefined
  /** The same path is another matter in another scheme; without a scheme, in the newest that has it. */
  byPath: (path: string, scheme?: number | null) => Category | undefined
  children: (parent: number | null) => Category[]
}

export function useCategories(): Categories & { ready: Promise<void> } {
  asked ??= load()
  const ids = computed(() => new Map(all.value.map((one) => [one.id, one])))
  const byId = (id: number | undefined) => (id === undefined ? undefined : ids.value.get(id))

  return {
    ready: asked,
    all: computed(() => all.value),
    byId,
    byPath: (path, scheme = null) =>
      all.value.filter((one) => one.path === path && (scheme === null || one.scheme_id === scheme)).at(-1),
    children: (parent) => all.value.filter((one) => (one.parent_id ?? null) === parent),
  }
}

async function load(): Promise<void> {
  try {
    all.value = await loadCategories()
  } catch (error) {
    asked = undefined
    throw error
  }
}
