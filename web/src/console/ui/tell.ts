// Short notices at the top of the window: done, or failed where no form stands to say so.
import { ElMessage } from 'element-plus'

/** px: the bar and a little air. */
const BELOW_BAR = 60

export function tellDone(text: string): void {
  ElMessage({ type: 'success', message: text, grouping: true, offset: BELOW_BAR })
}

export function tellFailure(text: string): void {
  ElMessage({
    type: 'error',
    message: text,
    grouping: true,
    offset: BELOW_BAR,
    duration: 6000,
    showClose: true,
  })
}
