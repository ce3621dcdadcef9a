import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type Notice = components['schemas']['NoticeOut']
export type Unread = components['schemas']['UnreadOut']
export type Wishes = components['schemas']['WishesOut']
export type Group = Notice['group']
export type Way = Wishes['ways'][string]

export const GROUPS: readonly Group[] = [
  'assigned',
  'deadline',
  'supervision',
  'whistle',
  'review',
  'outcome',
  'command',
  'house',
]
export const WAYS = ['at_once', 'digest', 'never'] as const

/** Where a notice leads; '' where there is nothing to open. */
export function pageOf({ subject_type: type, subject_id: id }: Notice): string {
  if (type === 'case') return `/cases/${id}`
  if (type === 'order') return `/orders/${id}`
  if (type === 'meeting') return `/meetings/${id}`
  if (type === 'task') return `/tasks/${id}`
  if (type === 'import') return `/imports/${id}`
  if (type === 'errand') return `/field/errands?id=${id}`
  if (type === 'duty_span') return '/field/on-duty?state=silent'
  if (type === 'redraw') return '/grids/history'
  return ''
}

export const loadUnread = (): Promise<Unread> => call(api.GET('/api/notices/unread'))

/** Of the server: so many at once. */
const MOST_READ = 200

export async function readThese(ids: readonly number[]): Promise<void> {
  for (let from = 0; from < ids.length; from += MOST_READ)
    await call(api.POST('/api/notices/read', { body: { ids: ids.slice(from, from + MOST_READ) } }))
}

export const readOne = (id: number): Promise<void> => readThese([id])

export const readAll = (upTo: number): Promise<unknown> =>
  call(api.POST('/api/notices/read-all', { body: { up_to: upTo } }))
