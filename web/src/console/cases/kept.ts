// Whole cases that were read or are about to be opened, each for as long as nothing is heard of it. Opening one of them
// shows it at once; what is older than a moment is asked for again behind it.
import { effectScope, watch } from 'vue'

import { ApiError, isAborted } from '@/shared/api/errors'
import { language } from '@/shared/i18n/language'
import { RESET, useLive } from '@/shared/live/useLive'
import { me } from '@/shared/session/session'
import { now } from '@/shared/time/clock'

import { loadCase } from './calls'
import type { CaseDetail } from './model'
import { caseNews } from './news'

interface Kept {
  one: CaseDetail
  /** ms when it was asked for. */
  at: number
}

const MOST = 40
/** ms within which it needs no second look. */
const FRESH_MS = 10_000
/** ms after which it is not shown any more, whatever was heard: clocks and moves depend on the time. */
const OLD_MS = 120_000

const kept = new Map<string, Kept>()
const asked = new Map<string, Promise<void>>()
/** Of what is under way, what was heard of meanwhile: the answer may be from before. */
const spoilt = new Set<string>()

// For the life of the page, whichever component is there.
effectScope(true).run(() => {
  useLive((event) => {
    if (event.kind === RESET) kept.clear()
    const news = caseNews(event)
    if (!news) return
    kept.delete(news.id)
    if (asked.has(news.id)) spoilt.add(news.id)
  })
  watch([language, () => me.value?.post.id], () => {
    kept.clear()
  })
})

export function keep(one: CaseDetail): void {
  kept.delete(one.id)
  kept.set(one.id, { one, at: now() })
  const oldest = kept.keys().next().value
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest)
}

export function keptCase(id: string): { one: CaseDetail; isFresh: boolean } | undefined {
  const found = kept.get(id)
  if (!found || now() - found.at > OLD_MS) return undefined
  return { one: found.one, isFresh: now() - found.at < FRESH_MS }
}

/** One after the other, after what the page itself asks for. */
export function keepReady(ids: readonly string[]): void {
  void ids.reduce((before, id) => before.then(() => prefetchCase(id)), Promise.resolve())
}

export async function prefetchCase(id: string): Promise<void> {
  if (keptCase(id)?.isFresh) return
  const under = asked.get(id) ?? fetchOne(id)
  asked.set(id, under)
  await under
}

async function fetchOne(id: string): Promise<void> {
  try {
    const one = await loadCase(id, new AbortController().signal)
    if (!spoilt.has(id)) keep(one)
  } catch (error) {
    // Nobody has asked to see it yet; opening it will say what is wrong.
    if (!(error instanceof ApiError) && !isAborted(error)) throw error
  } finally {
    asked.delete(id)
    spoilt.delete(id)
  }
}
