// Sends what is in the queue: when something is put in, when the network returns, when the page is seen again, and by the
// clock. One tab at a time (Web Locks); a killed browser finds its entries as they were, and their keys make them once.
import { ref } from 'vue'

import { ApiError, type ErrorBody } from '@/shared/api/errors'
import { now } from '@/shared/time/clock'

import { send, type Answered } from '../net'
import { db, type EntryRow } from '../store/db'
import { keyHolds, keyOf, openBytes, sealJson } from '../store/seal'
import { after, judge, nextTry, ready } from './machine'
import { contentOf, forgetReceipts, onQueued, pathOf, type Content, type Refusal } from './queue'
import { uploadFile } from './uploads'

/** A phone's line is narrow: more at once only makes each slower. */
const AT_ONCE = 3
const LOOK_EVERY_MS = 15_000
const LOCK = 'wangge.phone.queue'

/** The session is over: what is queued waits for the person. */
export const needsSignIn = ref(false)
/** A round is under way. */
export const sending = ref(false)

let again = false
/** The latest attempt had an answer, whatever it was. */
let reached = true
/** How many wait to change whose session it is. */
let changing = 0
/** Whose session it was when the server was last asked. */
let confirmed: string | undefined
const desk = 'BroadcastChannel' in window ? new BroadcastChannel('wangge.session') : undefined

export function startSender(): void {
  onQueued(wake)
  window.addEventListener('online', () => void hurry())
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    doubt()
    void hurry()
  })
  // The desk in another tab of this browser tells when somebody signs in there.
  desk?.addEventListener('message', doubt)
  window.setInterval(() => void onTheClock(), LOOK_EVERY_MS)
  wake()
}

export function wake(): void {
  again = true
  void round()
}

/** All that waits for the clock is tried now. */
export async function hurry(): Promise<void> {
  // In place: a list read before would bring back what was sent, dropped or corrected meanwhile.
  await db.entries
    .where('state')
    .equals('waiting')
    .and(({ nextAt }) => nextAt > 0)
    .modify((row) => {
      row.nextAt = 0
    })
  wake()
}

/** Nothing is sent, in any tab, while `work` changes whose session it is; what is under way ends first. */
export async function whileStill<T>(work: () => Promise<T>): Promise<T> {
  changing += 1
  try {
    return await navigator.locks.request(LOCK, work)
  } finally {
    changing -= 1
    doubt()
    desk?.postMessage('changed')
    wake()
  }
}

async function onTheClock(): Promise<void> {
  await forgetReceipts()
  const waiting = await db.entries.where('state').equals('waiting').toArray()
  const next = nextTry(waiting) ?? (waiting.length > 0 ? 0 : Infinity)
  if (next <= now()) wake()
}

async function round(): Promise<void> {
  if (sending.value || !keyHolds()) return
  sending.value = true
  try {
    await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      while (lock && again && changing === 0) {
        again = false
        await sendAll()
      }
    })
  } finally {
    sending.value = false
  }
}

async function sendAll(): Promise<void> {
  let open = await unsent()
  if (ready(open, now(), new Set()).length === 0 || !(await isStillMe())) return
  const under = new Map<string, Promise<string>>()
  reached = true
  // Without a network each of hundreds would fail at once, be written anew and read by every page.
  while (!needsSignIn.value && keyHolds() && (reached || navigator.onLine)) {
    if (changing > 0 || confirmed !== keyOf()) {
      again = true
      break
    }
    if (again) {
      again = false
      open = await unsent()
    }
    for (const entry of ready(open, now(), new Set(under.keys())).slice(0, AT_ONCE - under.size))
      under.set(
        entry.id,
        attempt(entry).then((outcome) => {
          open = open.flatMap((one) => (one.id === entry.id ? (outcome ? [outcome] : []) : [one]))
          return entry.id
        }),
      )
    if (under.size === 0) break
    under.delete(await Promise.race(under.values()))
  }
  await Promise.all(under.values())
}

/**
 * The session is of whoever made these entries: another post on this phone's browser must not send them. Asked once, and
 * again after anything that can have changed it: every phone sends positions each minute.
 */
async function isStillMe(): Promise<boolean> {
  if (confirmed !== undefined && confirmed === keyOf() && !needsSignIn.value) return true
  try {
    const { status, body } = await send({ method: 'GET', path: '/api/session' })
    const verdict = judge({ status, ...code(body) })
    const me = body as { user?: { id: number }; post?: { id: number } } | undefined
    const mine = verdict === 'done' && `${String(me?.user?.id)}.${String(me?.post?.id)}` === keyOf()
    if (verdict !== 'again') needsSignIn.value = !mine
    confirmed = mine ? keyOf() : undefined
    return mine
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}

/** Somebody may have signed in elsewhere in this browser, or this page's token may be too old. */
function doubt(): void {
  confirmed = undefined
}

async function unsent(): Promise<EntryRow[]> {
  const rows = await db.entries.where('state').anyOf('waiting', 'stopped').toArray()
  return rows.filter(({ who }) => who === keyOf())
}

/** The entry as it is after one attempt, or undefined when it is done. */
async function attempt(entry: EntryRow): Promise<EntryRow | undefined> {
  const content = await contentOf(entry)
  const answered = content.file ? await uploadFile(entry.id, content.file) : await sendCall(entry, content)
  const answer = { ...answered, ...code(answered.body) }
  const verdict = judge(answer)
  reached = answer.status !== 0
  if (verdict === 'signed-out') return undefined
  if (verdict === 'sign-in') needsSignIn.value = true
  if (answer.status === 401 || answer.status === 403) doubt()
  const next: EntryRow = { ...entry, ...after(entry, answer, now(), Math.random()) }
  return verdict === 'done' ? finished(next, answered.body) : stays(next, answered, verdict === 'stopped')
}

async function finished(entry: EntryRow, body: unknown): Promise<undefined> {
  const row = { ...entry, answer: await sealJson(body ?? null) }
  await db.transaction('rw', db.entries, db.files, async () => {
    if (entry.quiet) await db.entries.delete(entry.id)
    else await db.entries.put(row)
    await db.files.delete(entry.id)
  })
  done.forEach((listener) => {
    listener(entry)
  })
  return undefined
}

async function stays(entry: EntryRow, { status, body }: Answered, stopped: boolean): Promise<EntryRow> {
  const row = stopped ? { ...entry, answer: await sealJson(refusal(status, body)) } : entry
  // What was dropped or corrected meanwhile does not come back.
  await db.transaction('rw', db.entries, async () => {
    if (await db.entries.get(entry.id)) await db.entries.put(row)
    else again = true
  })
  return row
}

async function sendCall(entry: EntryRow, content: Content): Promise<Answered> {
  const path = await pathOf(entry, content, openBytes)
  if (path === undefined) return { status: 410, body: { code: 'entry.missing', message: '' } }
  try {
    return await send({
      method: content.method,
      path,
      body: JSON.stringify(freshened(content)),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': entry.id },
    })
  } catch (error) {
    if (error instanceof ApiError) return { status: 0, body: undefined }
    throw error
  }
}

/** `sent_ms` lets the server measure how wrong the phone's clock is, so it is of the sending, not of the making. */
function freshened({ operation, body }: Content): unknown {
  // eslint-disable-next-line no-restricted-properties -- the phone's own clock is what is to be measured
  return operation === 'positions' ? { ...(body as object), sent_ms: Date.now() } : body
}

function refusal(status: number, body: unknown): Refusal {
  const said = (body ?? {}) as Partial<ErrorBody>
  return {
    status,
    code: said.code ?? `http.${String(status)}`,
    message: said.message ?? '',
    fields: said.fields ?? {},
    data: said.data ?? {},
  }
}

function code(body: unknown): { code?: string } {
  const found = (body as Partial<ErrorBody> | undefined)?.code
  return found ? { code: found } : {}
}

type Listener = (entry: EntryRow) => void
const done = new Set<Listener>()

/** Calls back for each entry that the server carried out. */
export function onSent(listener: Listener): () => void {
  done.add(listener)
  return () => done.delete(listener)
}
