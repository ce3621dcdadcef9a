// Calls whose path is data: what the queue sends, and what pages read into their copies.
import { ApiError, errorFromBody, isAborted } from '@/shared/api/errors'
import { config } from '@/shared/config/config'
import { language } from '@/shared/i18n/language'
import { learnServerTime } from '@/shared/time/clock'

import { noteClock } from './clock-check'

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From `/`; positions go to an origin of their own. */
  path: string
  body?: BodyInit | null
  headers?: Record<string, string>
  signal?: AbortSignal
  timeoutMs?: number
}

export interface Answered {
  status: number
  body: unknown
  retryAfterMs?: number
}

const PATIENCE_MS = 30_000
const SHORT_MS = 5_000
const REVOKED = 'session.revoked'

let ended: () => void = () => undefined

/** What to do when any answer says that somebody ended this session from elsewhere. */
export function onEndedFromElsewhere(handler: () => void): void {
  ended = handler
}

/** An answer whatever its status; ApiError with status 0 when none came in time. */
export async function send({ method, path, body, headers = {}, signal, timeoutMs }: Call): Promise<Answered> {
  const limit = new AbortController()
  const timer = setTimeout(() => {
    limit.abort()
  }, timeoutMs ?? PATIENCE_MS)
  const give = () => {
    limit.abort()
  }
  signal?.addEventListener('abort', give)
  try {
    const answer = await fetch(addressOf(path), {
      method,
      body: body ?? null,
      credentials: 'include',
      cache: 'no-store',
      signal: limit.signal,
      headers: {
        'Accept-Language': language.value,
        ...(method === 'GET' ? {} : { 'X-CSRFToken': cookie('csrftoken') }),
        ...headers,
      },
    })
    learn(answer.headers.get('Date'))
    const said = await readBody(answer)
    if (answer.status === 401 && (said as { code?: string } | undefined)?.code === REVOKED) ended()
    return { status: answer.status, body: said, ...retryAfter(answer) }
  } catch (error) {
    if (signal?.aborted && isAborted(error)) throw error
    throw new ApiError(0, 'network', '')
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', give)
  }
}

/** What time it is, asked of the house; false when it does not answer. */
export async function askTime(): Promise<boolean> {
  return send({ method: 'GET', path: '/api/config', timeoutMs: SHORT_MS }).then(
    () => true,
    () => false,
  )
}

/** The data of a GET, or an ApiError. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const { status, body } = await send({ method: 'GET', path, ...(signal ? { signal } : {}) })
  if (status < 200 || status >= 300) throw errorFromBody(status, body)
  return body as T
}

/** For what is not queued because it only makes sense now (revealing a telephone, a guess). */
export async function post<T>(path: string, content: unknown, signal?: AbortSignal): Promise<T> {
  const { status, body } = await send({
    method: 'POST',
    path,
    body: JSON.stringify(content),
    headers: { 'Content-Type': 'application/json' },
    ...(signal ? { signal } : {}),
  })
  if (status < 200 || status >= 300) throw errorFromBody(status, body)
  return body as T
}

function addressOf(path: string): string {
  const positions = (config.value as { positions_url?: string }).positions_url
  return path.startsWith('/field/') && positions
    ? new URL(path, new URL(positions, window.location.origin)).href
    : path
}

function learn(date: string | null): void {
  learnServerTime(date)
  noteClock(date)
}

async function readBody(answer: Response): Promise<unknown> {
  const text = await answer.text()
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

function retryAfter(answer: Response): { retryAfterMs?: number } {
  const seconds = Number(answer.headers.get('Retry-After'))
  return seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}
