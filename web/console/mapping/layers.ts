import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { mapApi, type GroundTold } from '@/api/map'
import { sheltersApi } from '@/api/shelters'
import { nameOf } from '@/i18n'
import type { GroundLayers, SiteMark } from '@/map'

/** Layers one can take away or put on; archives by their names as `archive NAME`. */
export const LAYERS = ['base', 'villages', 'areas', 'warned', 'devices', 'cameras', 'shelters', 'tiles'] as const
export type LayerName = (typeof LAYERS)[number]

const STORED = 'zhishou.layers'
/** What nobody has chosen yet. Tiles of others are asked for by hand: they tell others where we look. */
const AT_FIRST: Readonly<Record<string, boolean>> = { base: true, villages: true, areas: true, warned: true, devices: false, cameras: false, shelters: false, tiles: false }

function stored(): Record<string, boolean> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(STORED) ?? '{}') as object).filter(([, on]) => typeof on === 'boolean'))
  } catch {
    return {}
  }
}
const chosen = reactive<Record<string, boolean>>(stored())
watch(chosen, (now) => localStorage.setItem(STORED, JSON.stringify(now)))

export const shows = (name: string): boolean => chosen[name] ?? AT_FIRST[name] ?? true
export const turnLayer = (name: string): void => void (chosen[name] = !shows(name))

export const ground = shallowRef<GroundTold | null>(null)
export const archiveLayer = (name: string): string => `archive ${name}`
/** Archives are WGS-84: over tiles that are shifted they would lie half a kilometre aside. */
export const archivesFit = computed(() => !(shows('tiles') && ground.value?.tiles?.datum === 'gcj02'))

export async function readGround(): Promise<void> {
  ground.value = await mapApi.ground().catch(() => ground.value)
}

/** What is to be drawn below. */
export const groundLayers = computed<GroundLayers>(() => ({
  archives: (ground.value?.archives ?? []).filter((one) => archivesFit.value && shows(archiveLayer(one.name))).map(({ name, kind }) => ({ name, kind, url: `/api/map/archives/${encodeURIComponent(name)}` })),
  tiles: shows('tiles') && ground.value?.tiles ? { url: ground.value.tiles.url, datum: ground.value.tiles.datum } : null,
}))
/** Name and number of approval of foreign tiles, while they are shown. */
export const credit = computed(() => (groundLayers.value.tiles === null ? '' : [ground.value?.tiles?.name, ground.value?.tiles?.approval].filter(Boolean).join(' ')))

const shelters = ref<readonly SiteMark[]>([])
watch(
  () => shows('shelters'),
  async (on) => {
    if (!on) return
    const told = await sheltersApi.list().catch(() => [])
    shelters.value = told.map((s) => ({ id: s.id, label: nameOf(s), lon: s.lon, lat: s.lat, open: s.opening !== null }))
  },
  { immediate: true },
)
export const shelterMarks = computed(() => (shows('shelters') ? shelters.value : []))
