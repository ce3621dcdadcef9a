// Sends one file. It belongs to nobody's case until a report or a move names its id.
import { api, call } from '@/shared/api/client'
import { newUuid } from '@/shared/api/idempotency'

import type { EvidencePiece } from '../model'

export const PHOTO_TYPES = ['before', 'after', 'near', 'far', 'reference'] as const
export type PhotoType = (typeof PHOTO_TYPES)[number]

export interface Told {
  photoType?: PhotoType | undefined
  caseId?: string | undefined
  fromReporter?: boolean | undefined
}

export function uploadEvidence(file: File, told: Told): Promise<EvidencePiece> {
  return call(
    api.POST('/api/evidence', {
      body: { file: '' },
      bodySerializer: () => formOf(file, told),
      headers: { 'Idempotency-Key': newUuid() },
    }),
  )
}

/** What a picture already sent shows: a category may ask for one before and one after. */
export function callPicture(id: string, photoType: PhotoType): Promise<EvidencePiece> {
  return call(
    api.PATCH('/api/evidence/{piece_id}', {
      params: { path: { piece_id: id } },
      body: { photo_type: photoType },
    }),
  )
}

export function evidenceUrl(id: string, variant: 'served' | 'small' | 'medium'): string {
  return `/api/evidence/${id}/${variant}`
}

function formOf(file: File, told: Told): FormData {
  const form = new FormData()
  form.append('file', file, file.name)
  if (told.photoType) form.append('photo_type', told.photoType)
  if (told.caseId) form.append('case_id', told.caseId)
  if (told.fromReporter) form.append('from_reporter', 'true')
  return form
}
