// Photos of a resident: sent one by one as they are chosen, tied to the report by the token that came back.
import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type SentPiece = components['schemas']['PublicEvidenceOut']
export type Piece = components['schemas']['PublicPiece']

/** As many as the server takes with one report. */
export const MOST_PIECES = 9

export function uploadPiece(file: File): Promise<SentPiece> {
  return call(
    api.POST('/api/public/evidence', {
      body: { file: '' },
      bodySerializer: () => {
        const form = new FormData()
        form.append('file', file, file.name)
        return form
      },
    }),
  )
}
