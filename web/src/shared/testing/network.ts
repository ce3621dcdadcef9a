// The server's side of a spec: what each call is answered, and what was sent. A call nobody expected fails the spec.
import { vi } from 'vitest'

export interface Sent {
  method: string
  path: string
  query: Record<string, string>
  headers: Headers
  body: unknown
}
/** `text`: what is no JSON, such as the feed. */
interface Reply {
  status: number
  body?: unknown
  text?: string
  headers?: Record<string, string>
}
type Answer = Reply | ((sent: Sent) => Reply | Promise<Reply>)

const answers = new Map<string, Answer>()
export const sent: Sent[] = []

/** `answer('POST /api/session', { status: 401, body: … })`; a later one for the same call replaces it. */
export function answer(call: string, reply: Answer): void {
  answers.set(call, reply)
}

export function shutNetwork(): void {
  answers.clear()
  sent.length = 0
  vi.stubGlobal('fetch', async (asked: Request | string, more?: RequestInit) => {
    const request = asked instanceof Request ? asked : new Request(asked, more)
    const url = new URL(request.url)
    const text = await request.text()
    const one: Sent = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text && isJson(request) ? JSON.parse(text) : undefined,
    }
    sent.push(one)
    const reply = answers.get(`${one.method} ${one.path}`)
    if (!reply) throw new Error(`Nobody expected ${one.method} ${one.path}`)
    const { status, body, text: told, headers } = typeof reply === 'function' ? await reply(one) : reply
    return new Response(told ?? (body === undefined ? null : JSON.stringify(body)), {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
    })
  })
}

function isJson(request: Request): boolean {
  return request.headers.get('Content-Type')?.includes('json') ?? false
}
