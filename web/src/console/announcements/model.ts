import { api, call } from '@/shared/api/client'
import type { components } from '@/shared/api/schema'

export type Announcement = components['schemas']['AnnouncementOut']
export const PAGE_SIZE = 20

export const loadCurrent = (): Promise<Announcement[]> => call(api.GET('/api/announcements'))
