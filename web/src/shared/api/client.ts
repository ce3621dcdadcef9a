// The typed client of our API. Types come from web/openapi.json (`npm run api`); nobody types a response by hand.
import createClient from 'openapi-fetch'

import { language } from '../i18n/language'
import { learnServerTime } from '../time/clock'
import { ApiError, errorFromBody, isAborted } from './errors'
import type { paths } from './schema'

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send })

/** The data of a call, or an ApiError: `const me = await call(api.GET('/api/session'))`. */
export async function call<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw errorFromBody(response.status, error)
  return data as T
}

/**
 * What to do when an answer is 401: resolves to true once the same person is signed in again, and the call is
 * then sent a second time, so that a page never loses what was typed. False lets the 401 through.
 */
export function onSessionLost(handler: (path: string) => Promise<boolean>): void {
  signInAgain = handler
}

let signInAgain: (path: string) => Promise<boolean> = () => Promise.resolve(false)

async function send(request: Request): Promise<Response> {
  const spare = request.clone()
  const answer = await sendOnce(request)
  if (answer.status !== 401) return answer
  const { pathname } = new URL(request.url)
  return (await signInAgain(pathname)) ? sendOnce(spare) : answer
}

async function sendOnce(request: Request): Promise<Response> {
  request.headers.set('Accept-Language', language.value)
  if (request.method !== 'GET') request.headers.set('X-CSRFToken', cookie('csrftoken'))
  try {
    const answer = await fetch(request)
    learnServerTime(answer.headers.get('Date'))
    return answer
  } catch (error) {
    if (isAborted(error)) throw error
    throw new ApiError(0, 'network', '')
  }
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}
