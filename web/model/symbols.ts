/** One source of symbols for list, map, legend and print: hue + shape + digit, box 24×24. */
export interface LevelSymbol {
  readonly level: 1 | 2 | 3 | 4
  readonly shape: string
  readonly path: string
  /** Custom property of theme.css that holds the hue. */
  readonly hue: `--level-${1 | 2 | 3 | 4}`
  /** Baseline of the digit: a triangle's middle lies low. */
  readonly digitY: number
}

export const LEVELS: readonly LevelSymbol[] = [
  { level: 1, shape: '▲', path: 'M12 1.5 23 22H1z', hue: '--level-1', digitY: 20 },
  { level: 2, shape: '◆', path: 'M12 .5 23.5 12 12 23.5 .5 12z', hue: '--level-2', digitY: 16.3 },
  { level: 3, shape: '■', path: 'M2.5 2.5h19v19h-19z', hue: '--level-3', digitY: 16.5 },
  { level: 4, shape: '●', path: 'M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22z', hue: '--level-4', digitY: 16.4 },
]

export function levelSymbol(level: number): LevelSymbol {
  const symbol = LEVELS.find((s) => s.level === level) ?? LEVELS[3]
  if (symbol === undefined) throw new Error('no symbols')
  return symbol
}

/** A call for help: a ring with a cross-bar, like nothing else on the screen. */
export const ALARM_PATH =
  'M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm0 3a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1.6 2.8h3.2l-.5 6.4h-2.2zM12 14.4a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z'

/** A telephone rings: a receiver. */
export const CALL_PATH =
  'M5 3.5h4.2l1.7 4.9-2.5 1.9a12.5 12.5 0 0 0 5.3 5.3l1.9-2.5 4.9 1.7V19c0 1-.6 1.7-1.6 1.7A15.6 15.6 0 0 1 3.3 5.1c0-1 .7-1.6 1.7-1.6z'

/** A device is unwell: a hexagon with a mark, outlined; nobody is in need. */
export const TROUBLE_PATH =
  'M12 1.8 20.9 6.9v10.2L12 22.2 3.1 17.1V6.9zm0 2.3L5.1 8.1v7.8l6.9 4 6.9-4V8.1zM10.9 7h2.2l-.4 6.2h-1.4zM12 14.6a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6z'
