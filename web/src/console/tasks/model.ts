import type { components } from '@/shared/api/schema'

export type Task = components['schemas']['TaskOut']
export type TaskState = Task['state']

export const BOXES = ['mine', 'set', 'all'] as const
export type Box = (typeof BOXES)[number]
export const STATES: readonly TaskState[] = ['open', 'done', 'confirmed', 'dropped']
export const TONES = { open: 'blue', done: 'amber', confirmed: 'green', dropped: 'grey' } as const
export const PAGE_SIZE = 30
