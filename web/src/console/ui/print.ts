// Puts one part of a page on paper, whole and alone: the frame around it scrolls and would cut it off.
const ALONE = 'printing'

export async function printAlone(part: Element): Promise<void> {
  const sheet = document.createElement('div')
  sheet.className = 'print-alone'
  sheet.append(part.cloneNode(true))
  document.body.append(sheet)
  document.body.classList.add(ALONE)
  window.addEventListener('afterprint', putAway, { once: true })
  await Promise.allSettled([...sheet.querySelectorAll('img')].map((picture) => picture.decode()))
  window.print()

  function putAway(): void {
    document.body.classList.remove(ALONE)
    sheet.remove()
  }
}
