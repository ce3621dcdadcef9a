// What was sealed for the centre when an earlier sign-in ended goes there as soon as somebody works on this phone again
// (ADR 18). What is of the same post is carried out at once; only the centre sees what is in it.
import { now } from '@/shared/time/clock'

import { db, type EnvelopeRow } from '../store/db'
import { keepsBooks } from './books'
import { textOf } from './envelope'
import { judge, waitMs, type Answer } from './machine'
import { sendInParts } from './uploads'

const AGAIN_MS = 60_000

interface Wait {
  attempts: number
  /** ms before which it is not tried again. */
  nextAt: number
}
/** By id, in memory: kept with the envelope, each would write its megabytes anew, on a phone that may be full. */
const waits = new Map<string, Wait>()
let under: Promise<void> | undefined

export function watchEnvelopes(): void {
  window.addEventListener('online', () => void hurry())
  window.setInterval(() => void handIn(), AGAIN_MS)
}

export function handIn(): Promise<void> {
  under ??= sendAll().finally(() => {
    under = undefined
  })
  return under
}

/** All that waits for the clock is tried now. */
function hurry(): Promise<void> {
  waits.clear()
  return handIn()
}

async function sendAll(): Promise<void> {
  if (!keepsBooks()) return
  for (const id of await db.envelopes.orderBy('id').primaryKeys()) {
    if ((waits.get(id)?.nextAt ?? 0) > now()) continue
    const row = await db.envelopes.get(id)
    if (row && !row.refused && !(await isHeld(row)) && !(await isThrough(row))) return
  }
}

/** The earlier of what it is about is not there yet: they go in their order, which their ids have. */
async function isHeld({ id, names = [] }: EnvelopeRow): Promise<boolean> {
  const same = await db.envelopes.where('names').anyOf(names).primaryKeys()
  return same.some((other) => other < id)
}

/** What the centre says of an envelope; anything else (404 of a proxy while the house is renewed) passes. */
const REFUSALS = [409, 413, 422]

/**
 * False when nothing goes through now. What the centre cannot open stays here for a desk to look at; what it fails at
 * is tried later, and the others before it.
 */
async function isThrough(row: EnvelopeRow): Promise<boolean> {
  const answer = await answerTo(row)
  // About who asks, not about what is handed in.
  if (answer.status === 401 || answer.status === 403) return false
  const verdict = judge(answer)
  if (verdict === 'done') await db.envelopes.delete(row.id)
  else if (verdict === 'stopped' && REFUSALS.includes(answer.status))
    await db.envelopes.update(row.id, { refused: 1 })
  else waits.set(row.id, later(waits.get(row.id)?.attempts ?? 0, answer))
  return answer.status !== 0
}

async function answerTo({ id, envelope }: EnvelopeRow): Promise<Answer> {
  const { buffer } = new TextEncoder().encode(textOf(envelope))
  return sendInParts(`/api/field/handed-in/sent/${id}`, buffer)
}

function later(attempts: number, { retryAfterMs = 0 }: Answer): Wait {
  return {
    attempts: attempts + 1,
    nextAt: now() + Math.max(retryAfterMs, AGAIN_MS, waitMs(attempts, Math.random())),
  }
}
