// A session whose person signed out without a network still stands at the server: it is ended as soon as there is one,
// before anybody signs in here, or its cookie would be overwritten and nobody could end it.
import { ApiError } from '@/shared/api/errors'

import { send, type Answered } from '../net'
import { judge } from '../queue/machine'
import { db, keepPlain, plain } from '../store/db'

/** `user.post`, ids only. */
const OWED = 'owed-sign-out'
/** Nobody is kept waiting at the end of a day by a mast that does not answer. */
const PATIENCE_MS = 8_000

let ending: Promise<void> | undefined
let owing: string | undefined

export async function oweSignOut(who: string): Promise<void> {
  owing = who
  // A phone without room for it still ends the session now.
  await keepPlain(OWED, who).catch(() => undefined)
}

export async function forgetOwed(): Promise<void> {
  owing = undefined
  await db.plain.delete(OWED)
}

/** At once where there is a network; otherwise it stays owed. */
export function endOwedSession(): Promise<void> {
  ending ??= end().finally(() => {
    ending = undefined
  })
  return ending
}

export function watchOwed(): void {
  window.addEventListener('online', () => void endOwedSession())
  void endOwedSession()
}

async function end(): Promise<void> {
  const who = owing ?? (await plain<string>(OWED))
  if (who === undefined) return
  try {
    const asked = await send({ method: 'GET', path: '/api/session', timeoutMs: PATIENCE_MS })
    if (isForNow(asked)) return
    if (asked.status === 200 && whoIs(asked.body) === who) {
      const ended = await send({ method: 'DELETE', path: '/api/session', timeoutMs: PATIENCE_MS })
      if (isForNow(ended) || ended.status === 403) return
    }
    await forgetOwed()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/** Busy, too fast, too slow: it says nothing about the session. */
function isForNow({ status }: Answered): boolean {
  return judge({ status }) === 'again'
}

function whoIs(body: unknown): string {
  const me = body as { user?: { id: number }; post?: { id: number } } | undefined
  return `${String(me?.user?.id)}.${String(me?.post?.id)}`
}
