// A telephone on its way from the search to the list of cases: in memory only, for no address may name it.
import { ref, watch, type Ref } from 'vue'

const carried = ref('')

/** Seven digits and more, with what people write between them. */
const TELEPHONE = /^\+?[\d\s()\-–—.]{7,24}$/

export function looksLikePhone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  return TELEPHONE.test(text.trim()) && digits >= 7 && digits <= 15
}

export function carryPhone(phone: string): void {
  carried.value = phone
}

/** The number that was brought here, once: whoever comes later starts with none. */
export function useCarriedPhone(): Ref<string> {
  const phone = ref('')
  watch(
    carried,
    (brought) => {
      if (!brought) return
      phone.value = brought
      carried.value = ''
    },
    { immediate: true },
  )
  return phone
}
