// Asks before unsaved text is left behind: by a link, by closing the tab, by what a page does within itself.
import { onBeforeUnmount, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'

/**
 * `within`: also another query of the same page takes the form away. What is returned asks for whatever else would:
 * true where nothing is lost, or where the person says so.
 */
export function useLeaveGuard(
  dirty: Readonly<Ref<boolean>>,
  { within = false }: { within?: boolean } = {},
): () => boolean {
  const { t } = useI18n()
  const ask = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault()
  }

  window.addEventListener('beforeunload', ask)
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', ask)
  })
  const mayLeave = () => !dirty.value || window.confirm(t('error.notSaved'))
  onBeforeRouteLeave(mayLeave)
  if (within) onBeforeRouteUpdate(mayLeave)
  return mayLeave
}
