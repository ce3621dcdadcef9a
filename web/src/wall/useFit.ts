// How many whole lines fit: a line cut in half at the edge of a panel is read wrongly.
import { onBeforeUnmount, onMounted, ref, type Ref, type ShallowRef } from 'vue'

/** `lineRem`: height of one line with its gap. At least one. */
export function useFit(box: Readonly<ShallowRef<HTMLElement | null>>, lineRem: number): Ref<number> {
  const lines = ref(1)
  let resized: ResizeObserver | undefined
  onMounted(() => {
    resized = new ResizeObserver(measure)
    if (box.value) resized.observe(box.value)
  })
  onBeforeUnmount(() => resized?.disconnect())
  return lines

  function measure(): void {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
    lines.value = Math.max(1, Math.floor(((box.value?.clientHeight ?? 0) + 1) / (lineRem * rem)))
  }
}
