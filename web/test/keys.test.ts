import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useKeys, type Bindings } from '@/ui/keys'

const press = (target: EventTarget, key: string, more: KeyboardEventInit = {}): void => {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
}

const layer = (bindings: Bindings, modal = false, always = false) =>
  mount(defineComponent({ setup: () => (useKeys(bindings, { modal, always }), () => h('form', [h('input'), h('button')])) }), { attachTo: document.body })

it('letters act on the desk, and never while somebody types or composes', () => {
  const a = vi.fn()
  const escape = vi.fn()
  const desk = layer({ A: a, Escape: escape })
  press(document.body, 'a')
  press(desk.find('input').element, 'a')
  press(document.body, 'a', { isComposing: true })
  press(document.body, 'a', { ctrlKey: true })
  expect(a).toHaveBeenCalledOnce()
  press(desk.find('input').element, 'Escape')
  expect(escape).toHaveBeenCalledOnce()
  desk.unmount()
})

it('Enter on a button presses the button, not the desk', () => {
  const enter = vi.fn()
  const desk = layer({ Enter: enter })
  press(desk.find('button').element, 'Enter')
  expect(enter).not.toHaveBeenCalled()
  press(document.body, 'Enter')
  expect(enter).toHaveBeenCalledOnce()
  desk.unmount()
})

it('a dialog keeps the desk from acting and gives the keys back', () => {
  const a = vi.fn()
  const desk = layer({ A: a })
  const dialog = layer({}, true)
  press(document.body, 'a')
  expect(a).not.toHaveBeenCalled()
  dialog.unmount()
  press(document.body, 'a')
  expect(a).toHaveBeenCalledOnce()
  desk.unmount()
})

it('what works always works behind a dialog, and with Alt while somebody types', () => {
  const mute = vi.fn()
  const page = layer({ M: mute, 'Alt+M': mute }, false, true)
  const dialog = layer({}, true)
  press(document.body, 'm')
  press(dialog.find('input').element, 'm')
  expect(mute).toHaveBeenCalledOnce()
  press(dialog.find('input').element, 'm', { altKey: true })
  expect(mute).toHaveBeenCalledTimes(2)
  dialog.unmount()
  page.unmount()
})
