import type BaseLayer from 'ol/layer/Base'
import TileLayer from 'ol/layer/Tile'
import XYZ from 'ol/source/XYZ'
import type { Datum } from './ground'
import type { Palette } from './symbols'

/** A file of tiles of the county's own, WGS-84. */
export interface ArchiveGround {
  readonly name: string
  readonly kind: 'raster' | 'vector'
  readonly url: string
}

/** What lies below everything: archives first to last, then tiles of another house. */
export interface GroundLayers {
  readonly archives: readonly ArchiveGround[]
  readonly tiles: { readonly url: string; readonly datum: Datum } | null
}

export const NO_GROUND: GroundLayers = { archives: [], tiles: null }

/** Each layer once: what was looked at stays loaded. */
export function createTiles(palette: () => Palette, put: (layer: BaseLayer) => void) {
  const layers = new Map<string, BaseLayer>()
  let wanted: ReadonlySet<string> = new Set()

  function show(key: string, made: BaseLayer): void {
    layers.set(key, made)
    made.setVisible(wanted.has(key))
    put(made)
  }
  const keyOf = (archive: ArchiveGround): string => `archive ${archive.name}`

  return {
    async set({ archives, tiles }: GroundLayers): Promise<void> {
      wanted = new Set([...archives.map(keyOf), ...(tiles === null ? [] : [`tiles ${tiles.url}`])])
      for (const [key, layer] of layers) layer.setVisible(wanted.has(key))
      if (tiles !== null && !layers.has(`tiles ${tiles.url}`)) show(`tiles ${tiles.url}`, new TileLayer({ zIndex: -2, source: new XYZ({ url: tiles.url }) }))
      const missing = archives.filter((one) => !layers.has(keyOf(one)))
      if (missing.length === 0) return
      const { archiveLayer } = await import('./archive')
      for (const one of missing) if (!layers.has(keyOf(one))) show(keyOf(one), archiveLayer(one, palette))
    },
    redraw: () => layers.forEach((layer) => layer.changed()),
    drawn: () => [...layers].filter(([, layer]) => layer.getVisible()).map(([key]) => key),
  }
}
