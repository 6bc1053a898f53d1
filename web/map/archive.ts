import type { FeatureLike } from 'ol/Feature'
import type BaseLayer from 'ol/layer/Base'
import TileLayer from 'ol/layer/Tile'
import VectorTileLayer from 'ol/layer/VectorTile'
import { Fill, Stroke, Style } from 'ol/style'
import { PMTilesRasterSource, PMTilesVectorSource } from 'ol-pmtiles'
import { label, type Palette } from './symbols'
import type { ArchiveGround } from './tiles'

const WATER = /water|ocean|river|lake/
const ROADS = /road|transport|street|highway|rail/
const GREEN = /land|park|wood|forest|natural/
const NAMES_BELOW = 60

/** Whoever made the archive named its layers: what they are is read from the usual names. */
function look(feature: FeatureLike, resolution: number, palette: Palette): Style | undefined {
  const name = String(feature.get('layer') ?? '').toLowerCase()
  const type = feature.getGeometry()?.getType() ?? ''
  if (type.includes('Point')) {
    const text = String(feature.get('name:zh') ?? feature.get('name') ?? '')
    return text === '' || resolution > NAMES_BELOW ? undefined : new Style({ text: label(text, palette, { colour: '--map-text', size: 11 }) })
  }
  const colour = WATER.test(name) ? '--map-water' : ROADS.test(name) ? '--map-road' : '--map-town'
  const stroke = new Stroke({ color: palette.get(colour), width: ROADS.test(name) ? 1.2 : 0.8 })
  if (!type.includes('Polygon')) return new Style({ stroke })
  return new Style({ fill: new Fill({ color: palette.get(WATER.test(name) ? '--map-water' : GREEN.test(name) ? '--map-hill' : '--map-land-2') }) })
}

export function archiveLayer({ kind, url }: ArchiveGround, palette: () => Palette): BaseLayer {
  return kind === 'raster'
    ? new TileLayer({ zIndex: -1, source: new PMTilesRasterSource({ url }) })
    : new VectorTileLayer({ zIndex: -1, declutter: 'names', source: new PMTilesVectorSource({ url }), style: (feature, resolution) => look(feature, resolution, palette()) })
}
