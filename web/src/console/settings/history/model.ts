import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

type Schemas = components['schemas']

export type Change = Schemas['SettingChangeOut']
export type UndoPreview = Schemas['UndoPreviewOut']
export type Effect = Schemas['PreviewOut']

export const KINDS = [
  'category',
  'scheme',
  'calendar',
  'supervision',
  'dispatch_rule',
  'role',
  'import_mapping',
  'form',
  'unit',
] as const
export type Kind = (typeof KINDS)[number]

export interface Asked {
  kind?: string | undefined
  subject?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

export function loadChanges({ kind, subject, limit, cursor }: Asked, signal?: AbortSignal) {
  const known = KINDS.find((one) => one === kind)
  const query = {
    ...(known ? { kind: known } : {}),
    ...(subject ? { subject } : {}),
    ...(limit ? { limit } : {}),
    ...(cursor ? { cursor } : {}),
  }
  return call(api.GET('/api/setting-changes', { params: { query }, ...(signal ? { signal } : {}) }))
}

export function previewUndo(id: number): Promise<UndoPreview> {
  return call(api.GET('/api/setting-changes/{change_id}', { params: { path: { change_id: id } } }))
}

export function undo(id: number): Promise<Change> {
  return call(api.POST('/api/setting-changes/{change_id}/undo', { params: { path: { change_id: id } } }))
}
