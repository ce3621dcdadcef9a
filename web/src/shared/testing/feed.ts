// The feed's side of a spec: what it says next to whoever listens.
import { startLive } from '../live/useLive'
import { answer } from './network'

/** Opens the line of this page; returns what closes it. The browser of the specs has no locks, so nobody else leads. */
export function openFeed(): () => void {
  const locks = { request: (_name: string, _options: unknown, lead: () => Promise<void>) => lead() }
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  answer('GET /live/feed', { status: 200, text: ': ping\n\n' })
  return startLive()
}

/** With the next connection; each ends at once. */
export function sayOnFeed(kind: string, data: unknown = {}): void {
  answer('GET /live/feed', {
    status: 200,
    text: `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`,
  })
}
