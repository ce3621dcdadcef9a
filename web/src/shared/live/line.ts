// How this tab hears the browser's one connection: through a SharedWorker, or, where there is none, through the tab
// that holds a lock and passes everything on by BroadcastChannel.
import { connect, type LiveMessage } from './connection'
import type { FromTab } from './live.worker'

export type Hear = (message: LiveMessage) => void

export function openLine(url: string, who: string, hear: Hear): () => void {
  if ('SharedWorker' in window) return throughWorker(url, who, hear)
  if ('locks' in navigator && 'BroadcastChannel' in window) return throughLeader(url, who, hear)
  return alone(url, hear)
}

function throughWorker(url: string, who: string, hear: Hear): () => void {
  const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), {
    type: 'module',
    name: 'wangge-live',
  })
  const say = (message: FromTab) => {
    worker.port.postMessage(message)
  }
  const hello = () => {
    say({ type: 'hello', url, who })
  }
  const bye = () => {
    say({ type: 'bye' })
  }
  worker.port.onmessage = (event: MessageEvent<LiveMessage>) => {
    hear(event.data)
  }
  // A page put aside by the back button keeps its port but must not count as listening.
  window.addEventListener('pagehide', bye)
  window.addEventListener('pageshow', hello)
  hello()
  return () => {
    window.removeEventListener('pagehide', bye)
    window.removeEventListener('pageshow', hello)
    bye()
    worker.port.close()
  }
}

function throughLeader(url: string, who: string, hear: Hear): () => void {
  const name = `wangge.live.${who}`
  const channel = new BroadcastChannel(name)
  const over = new AbortController()
  channel.onmessage = (event: MessageEvent<LiveMessage>) => {
    hear(event.data)
  }
  const lead = () =>
    new Promise<void>((resolve) => {
      const connection = connect(url, (message) => {
        hear(message)
        channel.postMessage(message)
      })
      over.signal.addEventListener('abort', () => {
        connection.close()
        resolve()
      })
    })
  navigator.locks.request(name, { signal: over.signal }, lead).catch(() => undefined)
  return () => {
    over.abort()
    channel.close()
  }
}

function alone(url: string, hear: Hear): () => void {
  const connection = connect(url, hear)
  return () => {
    connection.close()
  }
}
