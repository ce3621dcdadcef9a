// A photo or recording, in parts that can be sent again: what arrived before the line broke is not sent twice.
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

export async function uploadFile(id: string, file: FileContent): Promise<Answered> {
  const row = await db.files.get(id)
  if (!row) return { status: 410, body: { code: 'file.missing', message: '' } }
  const bytes = await openBytes(row.sealed)
  const parts = Math.max(1, Math.ceil(bytes.byteLength / PART_BYTES))
  try {
    const there = parts > 1 ? await receivedOf(id) : []
    let answered: Answered = { status: 0, body: undefined }
    for (let part = 1; part <= parts; part += 1) {
      // The last one is always sent: its answer is the piece of evidence.
      if (there.includes(part) && part < parts) continue
      answered = await sendPart(id, file, bytes, part, parts)
      if (answered.status < 200 || answered.status >= 300) return answered
    }
    return (answered.body as Upload | undefined)?.done === false ? { status: 0, body: undefined } : answered
  } catch (error) {
    if (error instanceof ApiError) return { status: 0, body: undefined }
    throw error
  }
}

async function receivedOf(id: string): Promise<number[]> {
  const { status, body } = await send({ method: 'GET', path: `/api/uploads/${id}` })
  return status === 200 ? (body as Upload).received : []
}

function sendPart(
  id: string,
  { name, query }: FileContent,
  bytes: ArrayBuffer,
  part: number,
  parts: number,
): Promise<Answered> {
  const asked = new URLSearchParams({ ...query, name, part: String(part), parts: String(parts) })
  return send({
    method: 'PUT',
    path: `/api/uploads/${id}?${asked.toString()}`,
    body: bytes.slice((part - 1) * PART_BYTES, part * PART_BYTES),
    headers: { 'Content-Type': 'application/octet-stream' },
    timeoutMs: PATIENCE_MS,
  })
}
