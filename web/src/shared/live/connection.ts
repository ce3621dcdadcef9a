// The one connection to the live feed: reconnects from the last event it saw, and says when the data is old.
import { eventReader, type LiveEvent } from './sse'

export type LiveState = 'connecting' | 'open' | 'lost' | 'refused'

export type LiveMessage =
  | { type: 'event'; event: LiveEvent }
  /** `heardAt`: ms by this machine's clock when the stream last gave a sign of life, 0 if never. */
  | { type: 'state'; state: LiveState; heardAt: number }

export interface Connection {
  close: () => void
}

/** The server pings every 15 s; three missed pings are a dead line that TCP has not noticed. */
const SILENCE_MS = 45_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

/** Opens `url` and keeps it open until closed. A 401 or 403 ends it: asking again would not help. */
export function connect(url: string, tell: (message: LiveMessage) => void): Connection {
  let closed = false
  let latestId = ''
  let heardAt = 0
  let waitMs = FIRST_WAIT_MS
  let attempt: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  void open()
  return {
    close() {
      closed = true
      clearTimeout(timer)
      attempt?.abort()
    },
  }

  async function open(): Promise<void> {
    attempt = new AbortController()
    report(heardAt === 0 ? 'connecting' : 'lost')
    const refused = await listen(attempt).catch(() => false)
    if (closed) return
    if (refused) {
      report('refused')
      return
    }
    report('lost')
    timer = setTimeout(() => void open(), waitMs * (0.5 + Math.random() / 2))
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  /** Listens until the stream ends. True when the server refused it. */
  async function listen(mine: AbortController): Promise<boolean> {
    const answer = await fetch(url, {
      headers: latestId ? { 'Last-Event-ID': latestId } : {},
      credentials: 'include',
      cache: 'no-store',
      signal: mine.signal,
    })
    if (answer.status === 401 || answer.status === 403) return true
    if (!answer.ok || !answer.body) return false
    hear()
    const read = eventReader(take)
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const silence = setTimeout(() => {
        mine.abort()
      }, SILENCE_MS)
      const { done, value } = await reader.read().finally(() => {
        clearTimeout(silence)
      })
      if (done) return false
      // Only a stream that speaks ends the waiting: one that opens and closes at once must not be asked in a rush.
      waitMs = FIRST_WAIT_MS
      hear()
      read(value)
    }
  }

  function take(event: LiveEvent): void {
    if (event.id) latestId = event.id
    tell({ type: 'event', event })
  }

  function hear(): void {
    // eslint-disable-next-line no-restricted-properties -- compared on this machine only
    heardAt = Date.now()
    report('open')
  }

  function report(state: LiveState): void {
    tell({ type: 'state', state, heardAt })
  }
}
