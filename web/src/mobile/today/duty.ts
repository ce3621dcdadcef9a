// On duty: since when, and the positions that go with it. Off duty nothing is asked of the phone's position.
// A page is not woken with the screen off, so a track has gaps: they are kept and said, not filled.
import { computed, shallowRef, watch } from 'vue'

import { me } from '@/shared/session/session'
import { now } from '@/shared/time/clock'

import { get } from '../net'
import { follow, position, unfollow } from '../place/position'
import { deviceId } from '../queue/envelope'
import { enqueue, type NewEntry } from '../queue/queue'
import { db } from '../store/db'
import { newId } from '../store/ids'
import { keep, kept } from '../store/kept'
import { keyHolds } from '../store/seal'

/** How often a point is kept, and how many go together (ADR 17). */
export const EVERY_S = 10
export const BATCH = 6
/** Longer without a point is a gap of the track. */
const GAP_MS = 60_000
const MOST_GAPS = 50

/** [ms by the phone's clock, lon, lat, accuracy, speed, mock] */
type Point = [number, number, number, number, number | null, boolean]

interface Span {
  id: string
  /** ISO, by the phone. */
  since: string
}
export interface Gap {
  from: number
  to: number
}
interface Track {
  pending: Point[]
  latest: number
  taken: number
  gaps: Gap[]
}
interface DutyOut {
  on: boolean
  duty_id: string | null
  since: string | null
}

export const span = shallowRef<Span>()
export const track = shallowRef<Track>(empty())
export const isOn = computed(() => span.value !== undefined)

let timer: number | undefined
let wakeLock: WakeLockSentinel | undefined

/** Takes up the duty that is kept here; then what the server says, unless something about it still waits to be sent. */
export async function startDuty(): Promise<void> {
  const copy = await kept<{ span: Span | null; track: Track }>('duty').catch(() => undefined)
  if (copy) {
    track.value = copy.value.track
    span.value = copy.value.span ?? undefined
  }
  watch(isOn, (on) => (on ? begin() : end()), { immediate: true })
  // The first one at once: ten seconds of "not found yet" would be wrong.
  watch(position, () => {
    if (isOn.value && track.value.latest === 0) void collect()
  })
  await agree()
}

export async function goOnDuty(): Promise<void> {
  const id = newId()
  const since = new Date(now()).toISOString()
  track.value = empty()
  await enqueue({
    operation: 'duty_on',
    label: '',
    method: 'POST',
    path: '/api/field/duty',
    subject: 'duty',
    body: { id, happened_at: since },
    happenedAt: since,
  })
  span.value = { id, since }
  await rememberIfRoom()
}

export async function goOffDuty(): Promise<void> {
  const ending = span.value
  if (!ending) return
  await flush()
  const at = new Date(now()).toISOString()
  await enqueue({
    operation: 'duty_off',
    label: '',
    method: 'POST',
    path: `/api/field/duty/${ending.id}/end`,
    subject: 'duty',
    body: { happened_at: at },
    happenedAt: at,
  })
  span.value = undefined
  // A copy that says "on duty" would have the phone located after its next start.
  await remember().catch(() => db.kept.delete('duty'))
}

/** The server's word where nothing of ours is under way: the clock or a colleague may have ended it. */
async function agree(): Promise<void> {
  if (!me.value?.permissions.includes('field.work')) return
  const there = await get<DutyOut>('/api/field/duty').catch(() => undefined)
  if (!there || (await unsentDuty()).length > 0) return
  if (there.on && there.duty_id && there.since) span.value = { id: there.duty_id, since: there.since }
  else span.value = undefined
  await rememberIfRoom()
}

async function unsentDuty(): Promise<string[]> {
  const open = await db.entries.where('state').anyOf('waiting', 'stopped').toArray()
  return open.filter(({ subject }) => subject === 'duty').map(({ id }) => id)
}

function begin(): void {
  if (timer !== undefined) return
  follow()
  timer = window.setInterval(() => void collect(), EVERY_S * 1000)
  void keepAwake()
  document.addEventListener('visibilitychange', keepAwake)
}

function end(): void {
  if (timer === undefined) return
  window.clearInterval(timer)
  timer = undefined
  unfollow()
  document.removeEventListener('visibilitychange', keepAwake)
  void wakeLock?.release().catch(() => undefined)
}

/** The screen stays on while the page is in front, where the browser allows it. */
async function keepAwake(): Promise<void> {
  if (document.hidden || !('wakeLock' in navigator)) return
  wakeLock = await navigator.wakeLock.request('screen').catch(() => undefined)
}

/** A full phone keeps its points in memory and tries again with the next one. */
async function collect(): Promise<void> {
  await take().catch(() => undefined)
}

async function take(): Promise<void> {
  const at = position.value
  if (!at || at.at === track.value.latest || !keyHolds()) return
  const { pending, latest, taken, gaps } = track.value
  const gap = latest > 0 && at.at - latest > GAP_MS ? [{ from: latest, to: at.at }] : []
  track.value = {
    pending: [...pending, [at.at, at.lon, at.lat, at.accuracy, at.speed, false]],
    latest: at.at,
    taken: taken + 1,
    gaps: [...gaps, ...gap].slice(-MOST_GAPS),
  }
  if (track.value.pending.length >= BATCH) await flush()
  else await remember()
}

/** What was collected goes into the queue as one batch. */
async function flush(): Promise<void> {
  const points = track.value.pending
  if (points.length === 0) return
  track.value = { ...track.value, pending: [] }
  try {
    await enqueue(await batchOf(points))
  } catch (error) {
    track.value = { ...track.value, pending: [...points, ...track.value.pending] }
    throw error
  }
  await rememberIfRoom()
}

async function batchOf(points: Point[]): Promise<NewEntry> {
  const batch = newId()
  return {
    id: batch,
    operation: 'positions',
    label: '',
    method: 'POST',
    path: '/field/positions',
    // Positions of nobody on duty are refused for good, so they go after the word that duty began.
    after: await unsentDuty(),
    body: { batch, device: await deviceId(), points },
  }
}

/** After what is in the queue already: that stands, with or without room for a copy. */
async function rememberIfRoom(): Promise<void> {
  await remember().catch(() => undefined)
}

async function remember(): Promise<void> {
  if (me.value && keyHolds()) await keep('duty', { span: span.value ?? null, track: track.value })
}

function empty(): Track {
  return { pending: [], latest: 0, taken: 0, gaps: [] }
}
