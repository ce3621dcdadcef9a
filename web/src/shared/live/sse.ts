// Reads an event stream (WHATWG HTML, "Server-sent events") from the pieces in which it arrives. fetch and not
// EventSource: we must see the status of a refusal, send Last-Event-ID on our own reconnects, and count pings as life.

export interface LiveEvent {
  id: string
  /** The server's event name, such as `case.changed`; `message` when it gave none. */
  kind: string
  data: unknown
}

/** Feed it text; it calls back once for each complete event. */
export function eventReader(emit: (event: LiveEvent) => void): (piece: string) => void {
  let rest = ''
  let id = ''
  let kind = ''
  let data: string[] = []

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    lines.forEach(readLine)
  }

  function readLine(line: string): void {
    if (line === '') finish()
    else if (!line.startsWith(':')) readField(line)
  }

  function readField(line: string): void {
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') id = value
    else if (field === 'event') kind = value
    else if (field === 'data') data.push(value)
  }

  function finish(): void {
    if (data.length > 0) emit({ id, kind: kind || 'message', data: parse(data.join('\n')) })
    kind = ''
    data = []
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
