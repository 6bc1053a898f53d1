import { defaults as defaultInteractions } from 'ol/interaction/defaults'
import OlMap from 'ol/Map'
import { fromLonLat } from 'ol/proj'
import View from 'ol/View'
import type { BaseMap } from '@/api/types'
import { createBase } from './base'
import { createFixed, type FixedMark } from './fixed'
import { scaled } from './scaled'
import { readPalette } from './symbols'

const NEAR_RESOLUTION = 28

/** A small map of one thing: where it stands and what it covers. `scale` as of `createMap`. */
export function createPlaceMap(box: HTMLElement, geojson: BaseMap, scale = 1) {
  const target = scaled(box, scale)
  let palette = readPalette()
  const base = createBase(() => palette)
  const fixed = createFixed(() => palette)
  const view = new View({ center: [0, 0], zoom: 10, maxZoom: 16, minZoom: 7, enableRotation: false })
  const map = new OlMap({
    target,
    pixelRatio: devicePixelRatio * scale,
    view,
    controls: [],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, keyboard: false }),
    layers: [...base.layers, ...fixed.layers],
  })
  base.set(geojson)
  const resized = new ResizeObserver(() => map.updateSize())
  resized.observe(target)

  return {
    show(mark: FixedMark): void {
      fixed.set([mark])
      const area = mark.coverage_km === null ? null : fixed.extent()
      if (area === null) {
        view.setCenter(fromLonLat([mark.lon, mark.lat]))
        view.setResolution(NEAR_RESOLUTION)
      } else {
        view.fit(area, { padding: [10, 10, 10, 10] })
      }
    },
    retheme(): void {
      palette = readPalette()
      base.redraw()
      fixed.redraw()
    },
    dispose(): void {
      resized.disconnect()
      map.setTarget()
    },
  }
}
