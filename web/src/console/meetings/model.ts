import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type MeetingRow = components['schemas']['MeetingRowOut']
export type Meeting = components['schemas']['MeetingOut']
export type MeetingKind = MeetingRow['kind']
export type MeetingState = MeetingRow['state']

export const KINDS: readonly MeetingKind[] = ['consult', 'joint', 'on_site']
export const STATES: readonly MeetingState[] = ['called', 'held', 'cancelled']
export const TONES = { called: 'blue', held: 'green', cancelled: 'grey' } as const
export const PAGE_SIZE = 30

export function readMeeting(meeting_id: string): Promise<Meeting> {
  return call(api.GET('/api/meetings/{meeting_id}', { params: { path: { meeting_id } } }))
}
