import { onMounted, onUnmounted, shallowReactive } from 'vue'

export type Bindings = Record<string, (event: KeyboardEvent) => void>

interface Layer {
  readonly bindings: Bindings
  /** A dialog keeps the keys of what lies below it from acting. */
  readonly modal: boolean
  /** Works behind every dialog and, with Alt, also while somebody types: an alarm waits for nobody. */
  readonly always: boolean
}

const layers: Layer[] = shallowReactive([])

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
    if (layer.modal) break
  }
  return stack.find((layer) => layer.always && key in layer.bindings)?.bindings[key] ?? null
}

/** `Alt+M`, `Ctrl+K`: only what works always has such names. */
function withModifier(event: KeyboardEvent): void {
  const name = `${event.altKey ? 'Alt' : 'Ctrl'}+${nameOfKey(event)}`
  const act = layers.find((layer) => layer.always && name in layer.bindings)?.bindings[name]
  if (act === undefined || event.isComposing) return
  event.preventDefault()
  act(event)
}

function onKey(event: KeyboardEvent): void {
  if (event.repeat || event.metaKey) return
  if (event.ctrlKey || event.altKey) return withModifier(event)
  const key = nameOfKey(event)
  if (event.isComposing || (isTyping(event) && key !== 'Escape')) return
  if (pressesButton(event)) return
  const act = find(layers, key)
  if (act === null) return
  event.preventDefault()
  act(event)
}

/** Keys of a component for as long as it is on the screen. */
export function useKeys(bindings: Bindings, options: { modal?: boolean; always?: boolean } = {}): void {
  const layer: Layer = { bindings, modal: options.modal ?? false, always: options.always ?? false }
  onMounted(() => {
    if (layers.length === 0) document.addEventListener('keydown', onKey)
    layers.push(layer)
  })
  onUnmounted(() => {
    layers.splice(layers.indexOf(layer), 1)
    if (layers.length === 0) document.removeEventListener('keydown', onKey)
  })
}

/** Whether a dialog lies over the page. */
export const dialogOpen = (): boolean => layers.some((layer) => layer.modal)
