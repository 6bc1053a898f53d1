/** A child that is drawn so many times as large as it is laid out, filling the box: the map library reckons with it. */
export function scaled(box: HTMLElement, scale: number): HTMLElement {
  const inner = document.createElement('div')
  Object.assign(inner.style, { position: 'absolute', left: '0', top: '0', width: `${100 / scale}%`, height: `${100 / scale}%`, transform: scale === 1 ? '' : `scale(${scale})`, transformOrigin: '0 0' })
  box.replaceChildren(inner)
  return inner
}
