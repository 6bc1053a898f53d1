import Feature from 'ol/Feature'
import Polygon from 'ol/geom/Polygon'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Fill, Stroke, Style } from 'ol/style'
import { PLAIN, type Ground } from './ground'
import { label, withAlpha, type Palette } from './symbols'

/** A named area: its corners (lon, lat). */
export interface AreaMark {
  id: number
  name: string
  ring: readonly (readonly number[])[]
}

/** The centre's own areas: a thin broken line and a name, below everything that moves. */
export function createAreas(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const layer = new VectorLayer({
    source,
    zIndex: 2,
    declutter: 'names',
    style(feature) {
      const ink = palette().get('--map-text')
      const text = label(feature.get('name') as string, palette(), { colour: '--map-text', size: 12, weight: 600 })
      return new Style({ stroke: new Stroke({ color: ink, width: 1.4, lineDash: [6, 4] }), fill: new Fill({ color: withAlpha(ink, 0.06) }), text })
    },
  })
  let marks: readonly AreaMark[] = []

  return {
    layers: [layer],
    set(next: readonly AreaMark[]): void {
      marks = next
      source.clear()
      source.addFeatures(marks.map(({ name, ring }) => new Feature({ geometry: new Polygon([[...ring, ...ring.slice(0, 1)].map((at) => ground.place(at))]), name })))
    },
    redraw: () => layer.changed(),
    drawn: () => marks,
  }
}
