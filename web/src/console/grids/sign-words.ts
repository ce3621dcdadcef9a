// What is printed on a grid's sign. It hangs in China, for residents: Chinese whoever prints it, and English beneath it
// where the house says so. So these words do not follow the language of the desk.
import type { components } from '@/shared/api/schema'

type Kind = components['schemas']['GridSignOut']['team'][number]['kind']

interface SignWords {
  scan: string
  kind: Record<Kind, string>
  centre: string
  supervision: string
  emergency: string
}

export const CHINESE: SignWords = {
  scan: '扫码反映身边事',
  kind: { chief: '网格长', full_time: '网格员' },
  centre: '值班电话',
  supervision: '监督电话',
  emergency: '火情、伤病、人身危险，请直接拨打 119、120、110',
}

export const ENGLISH: SignWords = {
  scan: 'Scan to report what you see',
  kind: { chief: 'Grid chief', full_time: 'Grid worker' },
  centre: 'Centre on duty',
  supervision: 'Supervision',
  emergency: 'Fire, injury, danger to people: call 119, 120 or 110',
}
