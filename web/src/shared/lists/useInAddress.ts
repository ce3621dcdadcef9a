// One word of the address that is no filter: what is opened beside a list, which neither loads nor turns it.
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useInAddress(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => [route.query[name]].flat()[0] ?? '',
    set: (value) =>
      void router.replace({ query: { ...route.query, [name]: value || undefined }, hash: route.hash }),
  })
}
