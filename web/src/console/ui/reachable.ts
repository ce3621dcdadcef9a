// Element's virtual trees scroll in a box that the keyboard cannot reach: `v-reachable` on what stands around one.
import type { ObjectDirective } from 'vue'

export const vReachable: ObjectDirective<HTMLElement> = { mounted: reach, updated: reach }

function reach(around: HTMLElement): void {
  for (const box of around.querySelectorAll('.el-vl__window')) {
    box.setAttribute('tabindex', '0')
    box.setAttribute('role', 'group') // what takes the focus inside a tree must be one of its parts
  }
}
