// What one theme shows, kept up to date: by the live feed, by the minute without it, at midnight, and after a lost network.
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'

import { api, call } from '@/shared/api/client'
import type { ApiError } from '@/shared/api/errors'
import { language } from '@/shared/i18n'
import { startLive, useLive } from '@/shared/live/useLive'
import { now, useNow } from '@/shared/time/clock'
import { beijingDay } from '@/shared/time/format'

import { isPast, type Board, type FeedLine, type Ground, type OnMap, type Theme } from './model'
import { useRefresh } from './useRefresh'

/** ms between two askings; a board costs the server some tens of milliseconds. */
const BOARD_GAP = 250
const FEED_GAP = 300
const MAP_GAP = 5_000
/** The borders of a district are some hundred kilobytes, and change with a decree. */
const GROUND_GAP = 60_000
/** Without any news the board is asked for again this often: what is of now changes with the clock too. */
const AT_LEAST = 30_000

export interface Wall {
  theme: ShallowRef<Theme | undefined>
  board: ShallowRef<Board | undefined>
  /** Undefined until it has come once. */
  feed: ShallowRef<readonly FeedLine[] | undefined>
  onMap: ShallowRef<OnMap | undefined>
  ground: ShallowRef<Ground | undefined>
  /** Why there is no theme to show. */
  error: ShallowRef<ApiError | undefined>
  isOld: ComputedRef<boolean>
  isLive: ComputedRef<boolean>
  /** ms when a case last moved, for who waits for a quiet moment. */
  movedAt: () => number
}

export function useWall(code: () => string): Wall {
  const theme = shallowRef<Theme>()
  const board = shallowRef<Board>()
  const feed = shallowRef<readonly FeedLine[]>()
  const onMap = shallowRef<OnMap>()
  const ground = shallowRef<Ground>()
  const error = shallowRef<ApiError>()
  const cameAt = shallowRef(0)
  const clock = useNow()
  const today = computed(() => beijingDay(clock.value))
  let movedAt = 0

  const path = () => ({ path: { code: code() } })
  const kinds = computed(() => new Set(theme.value?.definition.panels.map(({ kind }) => kind)))

  const askTheme = useRefresh(loadTheme, BOARD_GAP, (caught) => (error.value = caught))
  const askBoard = useRefresh(loadBoard, BOARD_GAP)
  const askFeed = useRefresh(loadFeed, FEED_GAP)
  const askMap = useRefresh(loadMap, MAP_GAP)
  const askGround = useRefresh(loadGround, GROUND_GAP)

  const { state, isOld: isLost } = useLive(({ kind }) => {
    if (kind === 'figures') askNumbers()
    else if (kind.startsWith('case.')) {
      movedAt = now()
      askFeed()
    } else if (kind === 'ground') askGround()
    else if (kind !== 'hello') askAnew()
  })
  const closeLive = startLive()
  const timer = window.setInterval(askAll, AT_LEAST)
  window.addEventListener('online', askAll)
  onScopeDispose(() => {
    closeLive()
    window.clearInterval(timer)
    window.removeEventListener('online', askAll)
  })
  watch([code, language], startOver, { immediate: true })
  watch(today, askAnew) // what was decided for a day holds from its midnight
  watch(state, (after, before) => {
    if (after === 'open' && before === 'lost') askAnew()
  })

  return {
    theme,
    board,
    feed,
    onMap,
    ground,
    error,
    isOld: computed(() => isLost.value || isPast(board.value, cameAt.value, clock.value)),
    isLive: computed(() => state.value === 'open'),
    movedAt: () => movedAt,
  }

  function startOver(): void {
    theme.value = board.value = onMap.value = feed.value = error.value = undefined
    askTheme()
  }

  function askAll(): void {
    if (theme.value) {
      askNumbers()
      askFeed()
    } else askTheme()
  }

  /** Something may have been missed. */
  function askAnew(): void {
    askAll()
    if (kinds.value.has('map')) askGround()
  }

  function askNumbers(): void {
    askBoard()
    if (kinds.value.has('map')) askMap()
  }

  async function loadTheme(signal: AbortSignal): Promise<void> {
    const asked = code()
    const found = await call(api.GET('/api/wall/themes/{code}', { params: path(), signal }))
    if (asked !== code()) return
    theme.value = found
    error.value = undefined
    askAnew()
  }

  async function loadBoard(signal: AbortSignal): Promise<void> {
    const asked = code()
    const found = await call(api.GET('/api/wall/themes/{code}/board', { params: path(), signal }))
    if (asked !== code()) return
    board.value = found
    cameAt.value = now()
    if (theme.value && theme.value.number !== found.number) askTheme()
  }

  async function loadFeed(signal: AbortSignal): Promise<void> {
    if (!kinds.value.has('feed')) return
    const asked = code()
    const { items } = await call(api.GET('/api/wall/themes/{code}/feed', { params: path(), signal }))
    if (asked === code()) feed.value = items
  }

  async function loadMap(signal: AbortSignal): Promise<void> {
    const asked = code()
    const found = await call(api.GET('/api/wall/themes/{code}/map', { params: path(), signal }))
    if (asked === code()) onMap.value = found
  }

  async function loadGround(signal: AbortSignal): Promise<void> {
    ground.value = await call(api.GET('/api/wall/ground', { signal }))
  }
}
