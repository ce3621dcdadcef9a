// What a part of a form still does – a photo on its way – when the form is sent: it is waited for, and where it fails
// nothing is sent without it.
import { inject, provide, type InjectionKey } from 'vue'

interface Part {
  /** `work` is false where it failed, which the part says itself. */
  add: (work: Promise<boolean>) => void
}

export interface Underway extends Part {
  /** When nothing is underway any more; false when something failed meanwhile. */
  ended: () => Promise<boolean>
}

const KEY: InjectionKey<Part> = Symbol('underway')

/** Of a form, for the parts inside it. */
export function provideUnderway(): Underway {
  const works = new Set<Promise<boolean>>()

  function add(work: Promise<boolean>): void {
    works.add(work)
    void work.finally(() => works.delete(work))
  }

  async function ended(): Promise<boolean> {
    let well = true
    while (works.size > 0) well = (await Promise.all(works)).every(Boolean) && well
    return well
  }

  const underway = { add, ended }
  provide(KEY, underway)
  return underway
}

/** Of the form around, if there is one. */
export function useUnderway(): Part {
  return inject<Part>(KEY, { add: () => undefined })
}
