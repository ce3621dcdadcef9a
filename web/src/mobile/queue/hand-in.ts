// What was sealed for the centre when an earlier sign-in ended goes there as soon as somebody works on this phone again
// (ADR 18). What is of the same post is carried out at once; only the centre sees what is in it.
import { ApiError } from '@/shared/api/errors'
import { me } from '@/shared/session/session'

import { send } from '../net'
import { db, type EnvelopeRow } from '../store/db'

/** An envelope with its photos over a narrow line; it cannot be sent in parts. */
const PATIENCE_MS = 600_000
const AGAIN_MS = 60_000

let under: Promise<void> | undefined

export function watchEnvelopes(): void {
  window.addEventListener('online', () => void handIn())
  window.setInterval(() => void handIn(), AGAIN_MS)
}

export function handIn(): Promise<void> {
  under ??= sendAll().finally(() => {
    under = undefined
  })
  return under
}

async function sendAll(): Promise<void> {
  if (!me.value?.permissions.includes('field.work')) return
  for (const id of await db.envelopes.orderBy('id').primaryKeys()) {
    const row = await db.envelopes.get(id)
    if (row && !row.refused && !(await isThrough(row))) return
  }
}

/** False when nothing goes through now. What the centre cannot open stays here for a desk to look at. */
async function isThrough({ id, envelope }: EnvelopeRow): Promise<boolean> {
  const body = new FormData()
  body.append('file', new Blob([JSON.stringify(envelope)], { type: 'application/json' }), `${id}.json`)
  try {
    const path = '/api/field/handed-in/sent'
    const { status } = await send({ method: 'POST', path, body, timeoutMs: PATIENCE_MS })
    if (status >= 200 && status < 300) await db.envelopes.delete(id)
    else if (status === 409 || status === 413 || status === 422) await db.envelopes.update(id, { refused: 1 })
    else return false
    return true
  } catch (error) {
    if (error instanceof ApiError) return false
    throw error
  }
}
