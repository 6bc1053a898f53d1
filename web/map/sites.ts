import Feature from 'ol/Feature'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import VectorSource from 'ol/source/Vector'
import { Fill, RegularShape, Stroke, Style } from 'ol/style'
import { PLAIN, type Ground } from './ground'
import { label, type Palette } from './symbols'

/** A shelter: filled while people may come. */
export interface SiteMark {
  readonly id: number
  readonly label: string
  readonly lon: number
  readonly lat: number
  readonly open: boolean
}

const NAMES_BELOW = 26

/** Where people can be brought: a triangle, filled while it is open. */
export function createSites(palette: () => Palette, ground: Ground = PLAIN) {
  const source = new VectorSource<Feature>()
  const shape = (open: boolean): Style =>
    new Style({
      image: new RegularShape({ points: 3, radius: 6.5, fill: new Fill({ color: palette().get(open ? '--well' : '--map-halo') }), stroke: new Stroke({ color: palette().get('--well'), width: 1.4 }), declutterMode: 'obstacle' }),
    })
  let looks: { open: Style; closed: Style } | null = null
  const layer = new VectorLayer({
    source,
    zIndex: 3,
    declutter: 'names',
    style: (feature, resolution) => {
      const mark = feature.get('mark') as SiteMark
      looks ??= { open: shape(true), closed: shape(false) }
      const symbol = mark.open ? looks.open : looks.closed
      return resolution > NAMES_BELOW ? symbol : [symbol, new Style({ text: label(mark.label, palette(), { colour: '--text', size: 11, offsetY: 15 }) })]
    },
  })
  let marks: readonly SiteMark[] = []

  return {
    layers: [layer],
    set(next: readonly SiteMark[]): void {
      marks = next
      source.clear()
      source.addFeatures(marks.map((mark) => new Feature({ geometry: new Point(ground.place([mark.lon, mark.lat])), mark })))
    },
    redraw(): void {
      looks = null
      layer.changed()
    },
    drawn: () => marks.length,
  }
}
