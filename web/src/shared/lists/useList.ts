// One list: filters in the address, the latest request wins, pages by cursor, and its place kept on return.
import {
  computed,
  onScopeDispose,
  reactive,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'
import { useRoute, useRouter } from 'vue-router'

import { isAborted, type ApiError } from '../api/errors'
import { useErrors } from '../errors/useErrors'
import { readFilters, writeFilters, type FilterValues } from './filters'
import { keepPlace, keptPlace } from './places'

/** `{items, next}` of a feed or `{items, count}` of a table. */
export interface Page<T> {
  items: T[]
  next?: string | null
  count?: number
}

export interface ListOptions<F extends object, T> {
  filters: F
  load: (
    filters: FilterValues<F>,
    page: { cursor: string | undefined; signal: AbortSignal },
  ) => Promise<Page<T>>
}

export interface List<F extends object, T> {
  /** Write to them; the address follows, and the list loads again. */
  filters: FilterValues<F>
  items: ShallowRef<T[]>
  count: Ref<number | undefined>
  loading: Ref<boolean>
  hasMore: ComputedRef<boolean>
  /** More than the first page is shown: loading anew throws the others away. */
  isLong: ComputedRef<boolean>
  error: ShallowRef<ApiError | undefined>
  message: ComputedRef<string>
  more: () => Promise<void>
  reload: () => Promise<void>
  /** Puts a changed item where it was: the list does not jump. False when it is not on the page. */
  patch: (isIt: (item: T) => boolean, change: (item: T) => T) => boolean
}

const FIRST = 1

export function useList<F extends object, T>(options: ListOptions<F, T>): List<F, T> {
  const route = useRoute()
  const router = useRouter()
  const home = route.path
  const errors = useErrors()
  const filters = reactive(readFilters(options.filters, route.query)) as FilterValues<F>
  const items = shallowRef<T[]>([])
  const next = ref<string>()
  const count = ref<number>()
  const loading = ref(false)
  const pages = ref(1)
  let latest: AbortController | undefined
  let known = { ...filters }

  watch(filters, () => void followFilters())
  watch(() => route.query, followAddress)
  onScopeDispose(() => {
    latest?.abort()
    keepPlace(addressOf(filters), {
      items: items.value,
      next: next.value,
      count: count.value,
      pages: pages.value,
    })
  })

  const place = keptPlace<T>(addressOf(filters))
  if (place) {
    items.value = place.items
    next.value = place.next
    count.value = place.count
    pages.value = place.pages
  } else void reload()

  return {
    filters,
    items,
    count,
    loading,
    hasMore: computed(() => next.value !== undefined),
    isLong: computed(() => pages.value > 1),
    error: errors.error,
    message: errors.message,
    more,
    reload,
    patch,
  }

  async function reload(): Promise<void> {
    await ask(undefined, (page) => page.items)
  }

  async function more(): Promise<void> {
    if (next.value === undefined || loading.value) return
    await ask(next.value, (page) => [...items.value, ...page.items])
  }

  async function ask(cursor: string | undefined, joined: (page: Page<T>) => T[]): Promise<void> {
    latest?.abort()
    const mine = (latest = new AbortController())
    loading.value = true
    try {
      const page = await options.load({ ...filters }, { cursor, signal: mine.signal })
      if (mine !== latest) return
      items.value = joined(page)
      pages.value = cursor === undefined ? 1 : pages.value + 1
      next.value = page.next ?? undefined
      count.value = page.count ?? count.value
      errors.clear()
    } catch (caught) {
      if (mine === latest && !isAborted(caught)) errors.capture(caught)
    } finally {
      if (mine === latest) loading.value = false
    }
  }

  async function followFilters(): Promise<void> {
    if (turnedToFirstPage()) return // and is called again by that
    const query = writeFilters(options.filters, filters, route.query)
    if (JSON.stringify(query) !== JSON.stringify(route.query))
      await router.replace({ query, hash: route.hash })
    await reload()
  }

  function followAddress(): void {
    if (route.path !== home) return
    const read = readFilters(options.filters, route.query)
    if (JSON.stringify(read) === JSON.stringify(filters)) return
    known = read // an address names its page
    Object.assign(filters, read)
  }

  /** Another question begins at its first page, where the filters have one: `page`. */
  function turnedToFirstPage(): boolean {
    const [now, was]: Record<string, unknown>[] = [{ ...filters }, known]
    known = { ...filters }
    const asks = (values: Record<string, unknown> = {}) => JSON.stringify({ ...values, page: undefined })
    if (now?.['page'] === undefined || now['page'] === FIRST || asks(now) === asks(was)) return false
    Object.assign(filters, { page: FIRST })
    return true
  }

  function addressOf(values: FilterValues<F>): string {
    return `${home}?${JSON.stringify(values)}`
  }

  function patch(isIt: (item: T) => boolean, change: (item: T) => T): boolean {
    const at = items.value.findIndex(isIt)
    const found = items.value[at]
    if (found === undefined) return false
    items.value = items.value.map((item, index) => (index === at ? change(found) : item))
    return true
  }
}
