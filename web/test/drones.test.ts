import { describe, expect, it } from 'vitest'
import { clockOff, droneLook } from '@/model/drones'

describe('drones', () => {
  it('says how wrong a clock is in the unit that says it best', () => {
    expect(clockOff(0)).toBeNull()
    expect(clockOff(null)).toBeNull()
    expect(clockOff(-1_433_000_000)).toEqual({ unit: 'year', n: '45', fast: false })
    expect(clockOff(7_200)).toEqual({ unit: 'hour', n: '2', fast: true })
    expect(clockOff(200_000)).toEqual({ unit: 'day', n: '2.3', fast: true })
    expect(clockOff(-600)).toEqual({ unit: 'minute', n: '10', fast: false })
  })

  it('draws what flies, what stands, and what is lost', () => {
    expect(droneLook({ flies: true, link: 'live' })).toMatchObject({ shape: 'diamond', tone: '--well', filled: true, ringed: false })
    expect(droneLook({ flies: false, link: 'silent' })).toMatchObject({ shape: 'disc', filled: false })
    expect(droneLook({ flies: true, link: 'lost' })).toMatchObject({ tone: '--failed', ringed: true })
  })
})
