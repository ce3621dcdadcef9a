import { afterEach, expect, test, vi } from 'vitest'

import { connect, type Connection, type LiveMessage } from './connection'

let connection: Connection | undefined

afterEach(() => {
  connection?.close()
})

/** A feed that answers each connection with the next of these; the last one stays open. */
function feed(...replies: { status: number; text: string }[]): { asked: Headers[] } {
  const asked: Headers[] = []
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    asked.push(new Headers(init.headers))
    const reply = replies[asked.length - 1]
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(reply?.text ?? ': ping\n\n'))
        if (reply) controller.close()
      },
    })
    return Promise.resolve(new Response(stream, { status: reply?.status ?? 200 }))
  })
  return { asked }
}

test('a lost stream is taken up again after the latest event', async () => {
  const messages: LiveMessage[] = []
  const { asked } = feed({ status: 200, text: 'id: 41\ndata: {}\n\n' })
  connection = connect('http://live/feed', (message) => messages.push(message))
  await vi.waitFor(() => {
    expect(asked).toHaveLength(2)
  }, 3000)
  expect(asked.map((headers) => headers.get('Last-Event-ID'))).toEqual([null, '41'])
  expect(messages.filter(({ type }) => type === 'event')).toHaveLength(1)
  expect(messages.map((message) => (message.type === 'state' ? message.state : ''))).toContain('lost')
})

test('a refused stream is not asked again', async () => {
  const states: string[] = []
  const { asked } = feed({ status: 403, text: '' })
  connection = connect('http://live/feed', (message) => {
    if (message.type === 'state') states.push(message.state)
  })
  await vi.waitFor(() => {
    expect(states.at(-1)).toBe('refused')
  })
  expect(asked).toHaveLength(1)
})
