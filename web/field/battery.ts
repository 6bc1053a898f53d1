import { ref } from 'vue'

interface Battery extends EventTarget {
  readonly level: number
  readonly charging: boolean
}

/** 0–1; null where the browser does not tell (all but Chromium). */
export const battery = ref<number | null>(null)
export const charging = ref(false)

const ask = (navigator as Navigator & { getBattery?: () => Promise<Battery> }).getBattery

void ask?.call(navigator).then((found) => {
  const read = (): void => {
    battery.value = found.level
    charging.value = found.charging
  }
  read()
  for (const what of ['levelchange', 'chargingchange']) found.addEventListener(what, read)
})
