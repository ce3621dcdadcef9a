// The server's feed, for specs: what is said here arrives in every `useLive`. Stands in for the browser's worker.
import { vi } from 'vitest'

import type { LiveEvent } from '../live/sse'
import { startLive } from '../live/useLive'

/** Gives what says an event; `end` closes the line again. */
export function openFeed(): { say: (kind: string, data: unknown) => void; end: () => void } {
  const port: { onmessage?: (event: { data: unknown }) => void; postMessage: () => void; close: () => void } =
    { postMessage: () => undefined, close: () => undefined }
  vi.stubGlobal(
    'SharedWorker',
    class {
      port = port
    },
  )
  const end = startLive()
  return {
    say(kind, data) {
      const event = { id: '1', kind, data } as unknown as LiveEvent
      port.onmessage?.({ data: { type: 'event', event } })
    },
    end() {
      end()
      vi.unstubAllGlobals()
    },
  }
}
