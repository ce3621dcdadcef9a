// What a push says and where it leads: nobody's name, place or title (wangge/field/push/reader.py).
export interface Rung {
  text: string
  /** One notice for one subject: the later takes the place of the earlier. */
  tag: string
  /** Address in this application. */
  path: string
}

const PAGES: Record<string, string> = { errand: 'errands', order: 'orders' }

/** Undefined for what no house of ours sent. */
export function rungBy(data: unknown): Rung | undefined {
  const { text, kind, id } = (data ?? {}) as Partial<Record<'text' | 'kind' | 'id', unknown>>
  if (typeof text !== 'string' || typeof kind !== 'string') return undefined
  const about = kind.split('.')[0] ?? ''
  const page = PAGES[about]
  const known = page && typeof id === 'string' && /^[\w-]+$/.test(id)
  return { text, tag: `${about} ${String(id)}`, path: known ? `/m/${page}/${id}` : '/m/' }
}
