// Where Element Plus hangs what it floats over a page: options, calendars, menus.
//
// By itself it puts them at the end of <body>, outside every landmark, so that whoever walks a page by its landmarks
// never meets them; their scrolling box cannot take the focus, and a calendar is a dialog without a name. Here the box
// of all of them has an id known beforehand, and the frame takes it into its <main>.
import { ElScrollbar, ID_INJECTION_KEY } from 'element-plus'
import { onScopeDispose, provide, watch } from 'vue'

import { language, translate } from '@/shared/i18n'

/** Element Plus looks for #el-popper-container-<prefix> before it makes one of its own. */
const PREFIX = 1
const box = Object.assign(document.createElement('div'), { id: `el-popper-container-${String(PREFIX)}` })

/** In the application's root, before anything that floats. */
export function provideFloating(): void {
  provide(ID_INJECTION_KEY, { prefix: PREFIX, current: 0 })
  document.body.append(box)
  letScrollingBoxesTakeFocus()
  const watching = new MutationObserver(complete)
  watching.observe(box, { childList: true, subtree: true })
  watch(language, complete)
  onScopeDispose(() => {
    watching.disconnect()
  })
}

export function floatIn(landmark: HTMLElement | null): void {
  const home = landmark ?? document.body
  home.append(box)
}

/** An open list is a stop of the Tab key, where the arrow keys scroll; a closed one is not on the page. */
function letScrollingBoxesTakeFocus(): void {
  const { props } = ElScrollbar as unknown as { props: { tabindex: { default: unknown } } }
  props.tabindex.default = 0
}

/** What Element Plus leaves out of what it floats: a calendar's name, the stop in a list of which only a part is drawn,
 * and that the lists within a list of options are groups of it. */
function complete(): void {
  box.querySelectorAll('.el-vl__window').forEach((list) => {
    list.setAttribute('tabindex', '0')
  })
  box.querySelectorAll('.el-select-group__wrap').forEach(groupOptions)
  box.querySelectorAll('.el-picker__popper').forEach((calendar) => {
    calendar.setAttribute('aria-label', translate('ui.calendar'))
  })
}

function groupOptions(group: Element): void {
  const title = group.querySelector('.el-select-group__title')
  group.setAttribute('role', 'group')
  group.setAttribute('aria-label', title?.textContent ?? '')
  title?.setAttribute('aria-hidden', 'true')
  group.querySelectorAll(':scope > li, .el-select-group').forEach((list) => {
    list.setAttribute('role', 'presentation')
  })
}
