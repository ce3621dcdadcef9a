// Which version of the notice (PIPL § 17) was accepted on this phone, and by whom (an id, no name).
import { keyOf } from '../store/seal'
import { keepPlain, plain } from '../store/db'

/** Raised with each change of what is collected, why, how long or who sees it; everybody is then asked anew. */
export const NOTICE_VERSION = 1

export async function hasAccepted(): Promise<boolean> {
  return (await plain<number>(name())) === NOTICE_VERSION
}

export async function accept(): Promise<void> {
  await keepPlain(name(), NOTICE_VERSION)
}

function name(): string {
  return `notice.${keyOf()?.split('.')[0] ?? ''}`
}
