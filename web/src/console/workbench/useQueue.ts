// One queue on the screen, live: rows renew themselves in place, new ones wait unless the list is at rest at its top.
import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'

import { isAborted } from '@/shared/api/errors'
import { language } from '@/shared/i18n/language'
import { RESET, useLive } from '@/shared/live/useLive'
import { oneOf, whole } from '@/shared/lists/filters'
import { useList, type List } from '@/shared/lists/useList'
import { now } from '@/shared/time/clock'
import { beijingDay } from '@/shared/time/format'

import { loadCases } from '../cases/calls'
import type { CaseRow } from '../cases/model'
import { caseNews } from '../cases/news'
import { mayBeIn, QUEUES, SORTS, type Queue } from '../cases/queues'
import { queryOfView, type View } from '../views/model'
import { useViews } from '../views/useViews'
import { mergeHead } from './merge'

/** News in a burst are looked at together. */
const GATHER_MS = 400
/** ms after a look that failed. */
const AGAIN_MS = 4000
/** ms a changed row stays marked. */
const MARKED_MS = 8000
export const PAGE = 50
/** Whoever scrolls on wants more of them at once. */
const NEXT_PAGE = 200
/** px, of every row: what is not in sight is counted, not measured. */
export const ROW_PX = 60

/** `view`: one of the saved views, in place of a queue. */
const FILTERS = { queue: oneOf(QUEUES, 'mine'), view: whole(0), sort: oneOf(SORTS, 'newest') }
/** What is asked for, without order and page. */
export type Asked = ReturnType<typeof queryOfView>

export interface QueueOnScreen {
  list: List<typeof FILTERS, CaseRow>
  /** The queue, or all that the view narrows by. */
  asked: ComputedRef<Asked>
  /** Of the view; empty for a queue. */
  name: ComputedRef<string>
  /** How many have come and are not shown yet. */
  waiting: ComputedRef<number>
  marked: ShallowRef<ReadonlySet<string>>
  gone: ShallowRef<ReadonlySet<string>>
  /** True while the list is read or pointed at: then nothing moves. */
  hold: Ref<boolean>
  refresh: () => Promise<void>
}

export function useQueue(onNew: () => void): QueueOnScreen {
  const { one: viewOf } = useViews()
  const saved = shallowRef<View>()
  const list: List<typeof FILTERS, CaseRow> = useList({
    filters: FILTERS,
    load: async ({ queue, view, sort }, { cursor, signal }) => {
      if (view) saved.value = await viewOf(view)
      return loadCases({ ...narrowed(queue, view), sort, limit: cursor ? NEXT_PAGE : PAGE, cursor }, signal)
    },
  })
  const asked = computed(() => narrowed(list.filters.queue, list.filters.view))
  const fresh = shallowRef<ReadonlySet<string>>(new Set())
  const marked = shallowRef<ReadonlySet<string>>(new Set())
  const gone = shallowRef<ReadonlySet<string>>(new Set())
  const hold = ref(false)
  const marks = new Map<string, number>()
  let touched = new Set<string>()
  /** Asked about and not answered yet; with the next look, where this one is overtaken or fails. */
  let under = new Set<string>()
  let timer: number | undefined
  let latest: AbortController | undefined

  useLive((event) => {
    if (event.kind === RESET) {
      void refresh()
      return
    }
    const news = caseNews(event)
    if (news?.isClaim) showClaim(news.id, news.row)
    else if (news) hear(news.id, news.row)
  })
  watch(language, () => void refresh())
  watch([() => list.filters.queue, () => list.filters.view, () => list.filters.sort], forget)
  onScopeDispose(() => {
    window.clearTimeout(timer)
    latest?.abort()
    marks.forEach((mark) => {
      window.clearTimeout(mark)
    })
  })

  return {
    list,
    asked,
    name: computed(() => (list.filters.view ? (saved.value?.name ?? '') : '')),
    waiting: computed(() => fresh.value.size),
    marked,
    gone,
    hold,
    refresh,
  }

  function narrowed(queue: Queue, view: number): Asked {
    const found = saved.value
    return view && found?.id === view ? queryOfView(found, beijingDay(now())) : { queue }
  }

  /** Of a view the server alone can tell. */
  function mayStay(state: string): boolean {
    return list.filters.view !== 0 || mayBeIn(list.filters.queue as Queue, state)
  }

  /** In its place, at once; nothing else of the line has changed. */
  function showClaim(id: string, row: CaseRow | undefined): void {
    list.patch(
      (one) => one.id === id,
      (one) => ({ ...one, claim: row?.claim ?? null }),
    )
  }

  function hear(id: string, row: CaseRow | undefined): void {
    const isShown = list.items.value.some((one) => one.id === id)
    if (isShown && row) {
      list.patch(
        (one) => one.id === id,
        (one) => (row.version >= one.version ? { ...one, ...row } : one),
      )
      mark([id])
    }
    if (isShown && (!row || !mayStay(row.state))) gone.value = new Set([...gone.value, id])
    else if (isShown) gone.value = without(gone.value, id)
    else if (row && !mayStay(row.state)) return
    touched.add(id)
    timer ??= window.setTimeout(() => void lookAgain(), GATHER_MS)
  }

  async function lookAgain(): Promise<void> {
    timer = undefined
    const about = (under = new Set([...under, ...touched]))
    touched = new Set()
    latest?.abort()
    const mine = (latest = new AbortController())
    const { sort } = list.filters
    const query = { ...asked.value, sort, limit: PAGE, cursor: undefined }
    const page = await loadCases(query, mine.signal).catch(failed)
    if (!page || mine !== latest) return
    under = new Set()
    const merged = mergeHead(list.items.value, page.items, { hold: hold.value, touched: about })
    list.items.value = merged.rows
    mark(merged.changed)
    if (merged.fresh.some(({ id }) => !fresh.value.has(id))) onNew()
    if (hold.value) {
      fresh.value = new Set(merged.fresh.map(({ id }) => id))
      gone.value = new Set([...gone.value, ...merged.gone])
    } else {
      fresh.value = new Set()
      gone.value = new Set()
      mark(merged.fresh.map(({ id }) => id))
    }
  }

  function failed(error: unknown): undefined {
    if (!isAborted(error)) timer ??= window.setTimeout(() => void lookAgain(), AGAIN_MS)
  }

  function mark(ids: readonly string[]): void {
    ids.forEach((id) => {
      window.clearTimeout(marks.get(id))
      marks.set(
        id,
        window.setTimeout(() => {
          marks.delete(id)
          marked.value = without(marked.value, id)
        }, MARKED_MS),
      )
    })
    if (ids.length > 0) marked.value = new Set([...marked.value, ...ids])
  }

  async function refresh(): Promise<void> {
    const came = [...fresh.value]
    forget()
    await list.reload()
    mark(came)
  }

  function forget(): void {
    latest?.abort()
    touched = new Set()
    under = new Set()
    fresh.value = new Set()
    gone.value = new Set()
  }
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((one) => one !== id))
}
