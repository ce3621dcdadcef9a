// A wall is never reloaded by hand: it looks for a new build, and takes it over when nothing has moved for a while. Never
// into a network that is lost: a page that cannot be fetched leaves the wall with the browser's own.
import { onScopeDispose } from 'vue'

import { now } from '@/shared/time/clock'

const LOOK_EVERY = 5 * 60_000
const QUIET_FOR = 30_000
/** A district that never falls quiet gets it all the same. */
const AT_LATEST = 30 * 60_000
const SCRIPT = /<script[^>]+src="([^"]+)"/

export function useNewVersion(movedAt: () => number, takeOver: () => void = reload): void {
  const running = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute('src')
  let foundAt = 0
  const timer = window.setInterval(() => void look(), LOOK_EVERY)
  const wait = window.setInterval(() => void tryIt(), QUIET_FOR)
  onScopeDispose(() => {
    window.clearInterval(timer)
    window.clearInterval(wait)
  })

  async function look(): Promise<void> {
    const built = await scriptNow()
    if (built && running && built !== running) foundAt ||= now()
  }

  async function tryIt(): Promise<void> {
    if (!foundAt) return
    const isTime = now() - movedAt() >= QUIET_FOR || now() - foundAt >= AT_LATEST
    if (isTime && (await scriptNow())) takeOver()
  }
}

/** Undefined where the page cannot be had. */
async function scriptNow(): Promise<string | undefined> {
  try {
    const answer = await fetch('/wall/', { cache: 'no-store' })
    return answer.ok ? SCRIPT.exec(await answer.text())?.[1] : undefined
  } catch {
    return undefined
  }
}

function reload(): void {
  window.location.reload()
}
