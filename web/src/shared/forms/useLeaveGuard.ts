// Asks before unsaved text is left behind: by a link, by closing the tab.
import { onBeforeUnmount, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { onBeforeRouteLeave } from 'vue-router'

export function useLeaveGuard(dirty: Readonly<Ref<boolean>>): void {
  const { t } = useI18n()
  const ask = (event: BeforeUnloadEvent) => {
    if (dirty.value) event.preventDefault()
  }

  window.addEventListener('beforeunload', ask)
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', ask)
  })
  onBeforeRouteLeave(() => !dirty.value || window.confirm(t('error.notSaved')))
}
