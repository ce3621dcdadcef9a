import { afterEach, expect, test, vi } from 'vitest'

import { printAlone } from './print'

const decode = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'decode')

afterEach(() => {
  document.body.replaceChildren()
  Object.defineProperty(
    HTMLImageElement.prototype,
    'decode',
    decode ?? { value: undefined, writable: true, configurable: true },
  )
})

function printer(print: () => void): () => void {
  const called = vi.fn(print)
  vi.stubGlobal('print', called)
  return called
}

function picturesAre(read: () => Promise<void>): void {
  Object.defineProperty(HTMLImageElement.prototype, 'decode', {
    value: read,
    writable: true,
    configurable: true,
  })
}

function sheet(): Element {
  document.body.innerHTML = '<main><section><img alt="现场" src="/gone.jpg" /><p>三单元</p></section></main>'
  return document.querySelector('section') as Element
}

test('what is printed stands alone on the page and is put away afterwards', async () => {
  picturesAre(() => Promise.resolve())
  const print = printer(() => {
    expect(document.body.classList.contains('printing')).toBe(true)
    expect(document.querySelector('.print-alone')?.textContent).toBe('三单元')
  })
  await printAlone(sheet())
  expect(print).toHaveBeenCalledOnce()
  window.dispatchEvent(new Event('afterprint'))
  // Its own mark: a dialog of another spec takes away later what it put there.
  expect(document.body.classList.contains('printing')).toBe(false)
  expect(document.querySelector('.print-alone')).toBeNull()
})

test('a picture that cannot be read does not keep the sheet from being printed', async () => {
  picturesAre(() => Promise.reject(new DOMException('gone', 'EncodingError')))
  const print = printer(() => undefined)
  await printAlone(sheet())
  expect(print).toHaveBeenCalledOnce()
  window.dispatchEvent(new Event('afterprint'))
})
