// A task may ask for records: what is collected on the way belongs to it.
import { computed, type ComputedRef } from 'vue'
import { useRoute, type RouteLocationRaw } from 'vue-router'

export interface ForErrand {
  errand: ComputedRef<string | undefined>
  /** A page of the registry, still for the same task. */
  to: (path: string) => RouteLocationRaw
}

export function useErrand(): ForErrand {
  const route = useRoute()
  const errand = computed(() => {
    const asked = route.query['errand']
    return typeof asked === 'string' && asked ? asked : undefined
  })
  return { errand, to: (path) => ({ path, query: errand.value ? { errand: errand.value } : {} }) }
}
