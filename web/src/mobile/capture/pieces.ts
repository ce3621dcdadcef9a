// Photos and recordings on their way into an entry.
import type { NewFile } from '../queue/queue'
import { newId } from '../store/ids'
import { currentPosition } from '../place/position'
import { compress } from './compress'

export type PhotoType = 'near' | 'far' | 'reference' | 'before' | 'after'

export interface Piece {
  id: string
  kind: 'image' | 'audio' | 'video'
  blob: Blob
  thumb?: Blob
  /** Of this page's own, gone with it. */
  url: string
  name: string
  photoType?: PhotoType | undefined
  takenAt: string
  lon?: number
  lat?: number
}

/** As many as the server takes in one upload of the kind; see `EVIDENCE_MB`. */
export const MOST_PIECES = 9

/** Throws when a picture cannot be read. */
export async function pieceOf(file: File | Blob, takenAt: string, photoType?: PhotoType): Promise<Piece> {
  const kind = kindOf(file.type)
  const small = kind === 'image' ? await compress(file) : { blob: file, thumb: undefined }
  const at = currentPosition()
  const id = newId()
  return {
    id,
    kind,
    blob: small.blob,
    ...(small.thumb ? { thumb: small.thumb } : {}),
    url: URL.createObjectURL(small.blob),
    name: `${id.slice(-8)}.${EXTENSIONS[kind]}`,
    photoType: kind === 'image' ? photoType : undefined,
    takenAt,
    ...(at ? { lon: at.lon, lat: at.lat } : {}),
  }
}

export function asFile(piece: Piece): NewFile {
  return {
    id: piece.id,
    blob: piece.blob,
    ...(piece.thumb ? { thumb: piece.thumb } : {}),
    name: piece.name,
    query: {
      taken_at: piece.takenAt,
      ...(piece.photoType ? { photo_type: piece.photoType } : {}),
      ...(piece.lon !== undefined && piece.lat !== undefined
        ? { lon: String(piece.lon), lat: String(piece.lat) }
        : {}),
    },
  }
}

const EXTENSIONS = { image: 'jpg', audio: 'webm', video: 'webm' } as const

function kindOf(mime: string): Piece['kind'] {
  if (mime.startsWith('audio/')) return 'audio'
  return mime.startsWith('video/') ? 'video' : 'image'
}
