/** Pages that came over plain http may not use the clipboard: there a marked field is copied the old way. */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false)
    if (copied) return true
  }
  const field = document.createElement('textarea')
  field.value = text
  Object.assign(field.style, { position: 'fixed', opacity: '0' })
  const back = document.activeElement
  document.body.append(field)
  field.select()
  // The only way there is over plain http; browsers keep it for that.
  const copied = document.execCommand('copy')
  field.remove()
  if (back instanceof HTMLElement) back.focus()
  return copied
}
