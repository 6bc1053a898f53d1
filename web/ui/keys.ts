import { onMounted, onUnmounted } from 'vue'

export type Bindings = Record<string, (event: KeyboardEvent) => void>

interface Layer {
  readonly bindings: Bindings
  /** A dialog keeps the keys of what lies below it from acting. */
  readonly modal: boolean
}

const layers: Layer[] = []

/** Letters belong to whoever is typing, and to the input method while it composes. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Enter and space on a focused button already press that button. */
const pressesButton = (event: KeyboardEvent): boolean =>
  (event.key === 'Enter' || event.key === ' ') &&
  event.target instanceof HTMLElement &&
  event.target.closest('button, a, summary, [role="option"]') !== null

export function nameOfKey(event: KeyboardEvent): string {
  return event.key.length === 1 ? event.key.toUpperCase() : event.key
}

/** The first layer from the top that knows the key; null when a dialog in between swallows it. */
export function find(stack: readonly Layer[], key: string): ((event: KeyboardEvent) => void) | null {
  for (const layer of [...stack].reverse()) {
    const found = layer.bindings[key]
    if (found !== undefined) return found
    if (layer.modal) return null
  }
  return null
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
  const key = nameOfKey(event)
  if (event.isComposing || (isTyping(event) && key !== 'Escape')) return
  if (pressesButton(event)) return
  const act = find(layers, key)
  if (act === null) return
  event.preventDefault()
  act(event)
}

/** Keys of a component for as long as it is on the screen. */
export function useKeys(bindings: Bindings, options: { modal?: boolean } = {}): void {
  const layer: Layer = { bindings, modal: options.modal ?? false }
  onMounted(() => {
    if (layers.length === 0) document.addEventListener('keydown', onKey)
    layers.push(layer)
  })
  onUnmounted(() => {
    layers.splice(layers.indexOf(layer), 1)
    if (layers.length === 0) document.removeEventListener('keydown', onKey)
  })
}
