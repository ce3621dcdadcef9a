// The queue's rules, apart from storage, network and clock: what may be sent next, and what an answer makes of an entry.

/**
 * - `waiting`: to be sent, at once or from `nextAt` on
 * - `stopped`: the server refused it; the person corrects or drops it
 * - `done`: carried out, kept a day as a receipt
 */
export type State = 'waiting' | 'stopped' | 'done'

export interface Entry {
  /** UUIDv7, made here; the `Idempotency-Key` as long as the content stays. */
  id: string
  /** The order in which things were done on this phone. */
  seq: number
  /** `user.post` of who did it. */
  who: string
  /** What it is about (`case:…`, `errand:…`): entries of one subject go one after the other. Empty: on its own. */
  subject: string
  /** Entries that must be done before (files before the report that names them). */
  after: string[]
  state: State
  attempts: number
  /** ms before which it is not tried again; 0: at once. */
  nextAt: number
  /** HTTP status of the latest answer, 0 for silence. */
  status?: number
  madeAt: number
  doneAt?: number
  /** A file, part of the entry that waits for it. */
  part?: 1
  /** Of a file: its size. */
  bytes?: number
}

/** How one attempt ended. `status` 0: no answer came. */
export interface Answer {
  status: number
  code?: string
  /** ms, from a `Retry-After` header. */
  retryAfterMs?: number
}

/** What goes into one envelope. Those of one name go one after the other. */
export interface Share<E extends Entry> {
  names: string[]
  rows: E[]
}

export type Verdict = 'done' | 'again' | 'stopped' | 'sign-in' | 'signed-out'

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 5 * 60_000
/** Keeps subjects apart from ids. */
const SUBJECT = 'subject '
const RECEIPT_MS = 24 * 3600_000

export function judge({ status, code }: Answer): Verdict {
  if (status >= 200 && status < 300) return 'done'
  if (status === 401) return code === 'session.revoked' ? 'signed-out' : 'sign-in'
  // A page that was open too long: the next round brings a new token.
  if (status === 403 && code === 'csrf') return 'again'
  if (status === 0 || status === 408 || status === 425 || status === 429 || status >= 500) return 'again'
  return 'stopped'
}

/** The entry after an answer. `chance` in [0, 1) spreads the phones of a district that lost the same mast. */
export function after(entry: Entry, answer: Answer, at: number, chance: number): Entry {
  switch (judge(answer)) {
    case 'done':
      return { ...entry, state: 'done', status: answer.status, doneAt: at, nextAt: 0 }
    case 'stopped':
      return { ...entry, state: 'stopped', status: answer.status, nextAt: 0 }
    case 'again':
      return {
        ...entry,
        status: answer.status,
        attempts: entry.attempts + 1,
        nextAt: at + Math.max(answer.retryAfterMs ?? 0, waitMs(entry.attempts, chance)),
      }
    default:
      return { ...entry, status: answer.status }
  }
}

export function waitMs(attempts: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 20))
  return Math.round(longest * (0.5 + chance / 2))
}

/** What may be sent now, oldest first: nothing before it in its subject, nothing it waits for, not `busy` already. */
export function ready<E extends Entry>(entries: readonly E[], at: number, busy: ReadonlySet<string>): E[] {
  const open = new Map(entries.filter(({ state }) => state !== 'done').map((entry) => [entry.id, entry]))
  const taken = new Set<string>()
  const found: E[] = []
  for (const entry of inOrder(open.values())) {
    const first = entry.subject === '' || !taken.has(entry.subject)
    if (entry.subject !== '') taken.add(entry.subject)
    const free = first && !entry.after.some((id) => open.has(id)) && !busy.has(entry.id)
    if (free && entry.state === 'waiting' && entry.nextAt <= at) found.push(entry)
  }
  return found
}

/** What hangs together, by subject or because one waits for the other, in order: each may go its way alone. */
export function together<E extends Entry>(entries: readonly E[]): E[][] {
  const groups: { names: Set<string>; entries: E[] }[] = []
  for (const entry of inOrder(entries)) {
    const names = new Set([
      entry.id,
      ...entry.after,
      ...(entry.subject ? [`${SUBJECT}${entry.subject}`] : []),
    ])
    const joined = { names, entries: [entry] }
    for (const group of groups.filter((one) => [...names].some((name) => one.names.has(name)))) {
      groups.splice(groups.indexOf(group), 1)
      group.names.forEach((name) => joined.names.add(name))
      joined.entries.push(...group.entries)
    }
    groups.push(joined)
  }
  return groups.map((group) => inOrder(group.entries))
}

/** The entry that this one waits for, or undefined when only the network or the clock holds it. */
export function heldBy<E extends Entry>(entry: E, entries: readonly E[]): E | undefined {
  return inOrder(entries).find(
    (other) =>
      other.state !== 'done' &&
      other.id !== entry.id &&
      (entry.after.includes(other.id) ||
        (entry.subject !== '' && other.subject === entry.subject && other.seq < entry.seq)),
  )
}

/**
 * What hangs together, each with a name, in as many shares as it takes: no more than `most` bytes of files in one. An
 * entry stays with its files and with what names it, as long as those fit; where they do not, the files go first.
 */
export function shares<E extends Entry>(entries: readonly E[], most: number): Share<E>[] {
  return together(entries).flatMap((group) => {
    const subjects = [...new Set(group.map(({ subject }) => subject).filter(Boolean))]
    const names = subjects.length > 0 ? subjects : group.slice(0, 1).map(({ id }) => id)
    const units = bytesOf(group) <= most ? [group] : unitsOf(group, most)
    return packed(units, most).map((rows) => ({ names, rows }))
  })
}

/** One after the other, as many as go into one. */
export function packed<E extends Entry>(units: readonly E[][], bytes: number, entries = Infinity): E[][] {
  const found: E[][] = []
  for (const unit of units) {
    const last = found.at(-1)
    const fits = last && bytesOf(last) + bytesOf(unit) <= bytes && last.length + unit.length <= entries
    if (fits) last.push(...unit)
    else found.push([...unit])
  }
  return found
}

function unitsOf<E extends Entry>(group: readonly E[], most: number): E[][] {
  const apart = together(group.map((entry) => ({ ...entry, subject: '', is: entry })))
  return apart
    .map((bundle) => bundle.map(({ is }) => is))
    .flatMap((bundle) =>
      bytesOf(bundle) <= most
        ? [bundle]
        : [...bundle.filter(({ part }) => part).map((file) => [file]), bundle.filter(({ part }) => !part)],
    )
}

export function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
}

/** When to look again: ms of the next attempt, undefined when nothing waits for the clock. */
export function nextTry(entries: readonly Entry[]): number | undefined {
  const times = entries
    .filter(({ state, nextAt }) => state === 'waiting' && nextAt > 0)
    .map((one) => one.nextAt)
  return times.length > 0 ? Math.min(...times) : undefined
}

/** Corrected by the person: other content, so another id, in the same place. */
export function corrected<E extends Entry>(entry: E, id: string): E {
  return { ...entry, id, state: 'waiting', attempts: 0, nextAt: 0 }
}

/** Receipts that were kept long enough. */
export function isOld(entry: Entry, at: number): boolean {
  return entry.state === 'done' && (entry.doneAt ?? 0) < at - RECEIPT_MS
}

export function counts(entries: readonly Entry[]): { waiting: number; stopped: number; done: number } {
  const of = (state: State) => entries.filter((entry) => entry.state === state).length
  return { waiting: of('waiting'), stopped: of('stopped'), done: of('done') }
}

function inOrder<E extends Entry>(entries: Iterable<E>): E[] {
  return [...entries].sort((one, other) => one.seq - other.seq)
}
