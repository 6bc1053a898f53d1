import PointerInteraction from 'ol/interaction/Pointer'
import type MapBrowserEvent from 'ol/MapBrowserEvent'

const NEAR_PX = 10

/** Corners of what is drawn are taken with the pointer and put elsewhere. `corners`: where they are drawn. */
export function createCorners(corners: () => readonly number[][], move: (n: number, to: number[]) => void): PointerInteraction {
  let held = -1

  function nearest({ map, pixel }: MapBrowserEvent): number {
    const away = corners().map((at) => {
      const [x = Infinity, y = Infinity] = (map.getPixelFromCoordinate(at) as number[] | null) ?? []
      return Math.hypot(x - (pixel[0] ?? 0), y - (pixel[1] ?? 0))
    })
    const least = Math.min(...away)
    return least <= NEAR_PX ? away.indexOf(least) : -1
  }

  return new PointerInteraction({
    handleDownEvent(event) {
      held = nearest(event)
      return held >= 0
    },
    handleDragEvent: (event) => move(held, event.coordinate),
    handleUpEvent: () => false,
  })
}
