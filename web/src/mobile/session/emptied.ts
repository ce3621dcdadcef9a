// Why this phone was emptied, or could not be, said once on the next page that stands: often of a new document.

export interface Emptied {
  why: 'ended' | 'remote' | 'left' | 'other' | 'post'
  sealed: number
  lost: number
  /** Nothing went: why, and how much of it is not sent. `unread`: nor is known whether it has to go. */
  stuck?: { why: 'full' | 'store'; unsent: number; unread?: true }
}

const NAME = 'wangge.emptied'

export function tellEmptied(told: Emptied): void {
  sessionStorage.setItem(NAME, JSON.stringify(told))
}

export function emptied(): Emptied | undefined {
  const text = sessionStorage.getItem(NAME)
  return text ? (JSON.parse(text) as Emptied) : undefined
}

export function forgetEmptied(): void {
  sessionStorage.removeItem(NAME)
}
