// Short notices at the top of the window: done, or failed where no form stands to say so.
import { ElMessage } from 'element-plus'

export function tellDone(text: string): void {
  ElMessage({ type: 'success', message: text, grouping: true })
}

export function tellFailure(text: string): void {
  ElMessage({ type: 'error', message: text, grouping: true, duration: 6000, showClose: true })
}
