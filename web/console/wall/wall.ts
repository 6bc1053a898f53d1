/** Letters as high as a viewer across the room needs: a 2.4 m wall of 3840 points, five metres away, asks for 47. */
const SHARE = '1.22vw'

/** Sizes the whole page for the wall; returns what undoes it. */
export function readableFrom(root: HTMLElement): () => void {
  const before = root.style.fontSize
  root.style.fontSize = SHARE
  return () => {
    root.style.fontSize = before
  }
}
