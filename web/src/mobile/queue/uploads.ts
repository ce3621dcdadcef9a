// A photo, a recording or a sealed queue, in parts that can be sent again: what arrived before the line broke is not sent
// twice.
import { ApiError } from '@/shared/api/errors'

import { send, type Answered } from '../net'
import { db } from '../store/db'
import { openBytes } from '../store/seal'
import type { FileContent } from './queue'

/** Bytes; what the server takes as one part. */
export const PART_BYTES = 256 * 1024
/** A part over a line of 30 kbit/s. */
const PATIENCE_MS = 90_000

interface Upload {
  received: number[]
  done: boolean
}

export async function uploadFile(id: string, { name, query }: FileContent): Promise<Answered> {
  const row = await db.files.get(id)
  if (!row) return { status: 410, body: { code: 'file.missing', message: '' } }
  return sendInParts(`/api/uploads/${id}`, await openBytes(row.sealed), { ...query, name })
}

/** Status 0 when not all of it is there: it goes on the next time. */
export async function sendInParts(
  path: string,
  bytes: ArrayBuffer,
  query: Record<string, string> = {},
): Promise<Answered> {
  const parts = Math.max(1, Math.ceil(bytes.byteLength / PART_BYTES))
  try {
    const there = parts > 1 ? await thereAt(path) : undefined
    if (there?.done) return { status: 200, body: there }
    let answered: Answered = { status: 0, body: undefined }
    for (let part = 1; part <= parts; part += 1) {
      // The last one is always sent: its answer is what all of them make.
      if (there?.received.includes(part) && part < parts) continue
      const asked = new URLSearchParams({ ...query, part: String(part), parts: String(parts) })
      answered = await send({
        method: 'PUT',
        path: `${path}?${asked.toString()}`,
        body: bytes.slice((part - 1) * PART_BYTES, part * PART_BYTES),
        headers: { 'Content-Type': 'application/octet-stream' },
        timeoutMs: PATIENCE_MS,
      })
      if (answered.status < 200 || answered.status >= 300) return answered
    }
    return (answered.body as Upload | undefined)?.done === false ? { status: 0, body: undefined } : answered
  } catch (error) {
    if (error instanceof ApiError) return { status: 0, body: undefined }
    throw error
  }
}

async function thereAt(path: string): Promise<Upload | undefined> {
  const { status, body } = await send({ method: 'GET', path })
  return status === 200 ? (body as Upload) : undefined
}
