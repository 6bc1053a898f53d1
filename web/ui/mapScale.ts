const LETTERS_PX = 13

/** How much larger than on the smallest desk this page's letters are: its map grows with them. */
export function mapScale(): number {
  const px = parseFloat(getComputedStyle(document.documentElement).fontSize)
  return Number.isFinite(px) ? Math.max(1, px / LETTERS_PX) : 1
}
