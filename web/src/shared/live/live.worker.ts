// SharedWorker: holds the one connection of this browser and passes what arrives to every tab.
import { connect, type Connection, type LiveMessage } from './connection'

export interface Hello {
  type: 'hello'
  url: string
  /** Person and post: the feed of a former one must not go on. */
  who: string
}
export type FromTab = Hello | { type: 'bye' }

declare const self: SharedWorkerGlobalScope & { onconnect: (event: MessageEvent) => void }
interface SharedWorkerGlobalScope {
  name: string
}

const ports = new Set<MessagePort>()
let connection: Connection | undefined
let who = ''
let state: LiveMessage = { type: 'state', state: 'connecting', heardAt: 0 }

self.onconnect = (event) => {
  const port = event.ports[0]
  if (!port) return
  port.onmessage = (message: MessageEvent<FromTab>) => {
    if (message.data.type === 'bye') leave(port)
    else join(port, message.data)
  }
}

function join(port: MessagePort, hello: Hello): void {
  ports.add(port)
  const refused = state.type === 'state' && state.state === 'refused'
  if (!connection || refused || who !== hello.who) {
    connection?.close()
    who = hello.who
    connection = connect(hello.url, tellAll)
  } else port.postMessage(state)
}

function leave(port: MessagePort): void {
  ports.delete(port)
  if (ports.size > 0) return
  connection?.close()
  connection = undefined
}

function tellAll(message: LiveMessage): void {
  if (message.type === 'state') state = message
  ports.forEach((port) => {
    port.postMessage(message)
  })
}
