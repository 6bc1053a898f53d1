import Feature from 'ol/Feature'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Circle, Fill, Stroke, Style } from 'ol/style'
import { PLAIN, type Ground } from './ground'
import { label, withAlpha, type Palette } from './symbols'

export interface ContactMark {
  unit: string
  /** What stands beside it: the name, how it stands, since when. */
  label: string
  lon: number
  lat: number
  state: 'amber' | 'lost' | 'limited'
}

const COLOURS = { lost: '--level-1', limited: '--level-2', amber: '--level-3' } as const
const RADIUS_PX = 15

/** Where units are out of contact: a dashed ring in the colour of how they stand. */
export function createContact(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const layer = new VectorLayer({
    source,
    zIndex: 4,
    style: (feature) => {
      const mark = feature.get('mark') as ContactMark
      const colour = palette().get(COLOURS[mark.state])
      const ring = new Circle({
        radius: RADIUS_PX,
        stroke: new Stroke({ color: colour, width: 2.5, lineDash: [5, 4] }),
        fill: new Fill({ color: withAlpha(colour, 0.12) }),
      })
      return [new Style({ image: ring }), new Style({ text: label(mark.label, palette(), { colour: COLOURS[mark.state], size: 12, weight: 600, offsetY: 26, always: true }) })]
    },
  })
  let marks: readonly ContactMark[] = []

  return {
    layers: [layer],
    set(next: readonly ContactMark[]): void {
      if (JSON.stringify(next) === JSON.stringify(marks)) return
      marks = next
      source.clear()
      for (const mark of marks) {
        const point = new Feature(new Point(ground.place([mark.lon, mark.lat])))
        point.set('mark', mark)
        source.addFeature(point)
      }
    },
    redraw: () => layer.changed(),
    drawn: () => marks,
  }
}
