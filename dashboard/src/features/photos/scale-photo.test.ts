import { describe, expect, it } from 'vitest'
import { fitWithin, jpegName } from './scale-photo.ts'

describe('fitWithin', () => {
  it.each([
    [4000, 3000, 2000, 1500],
    [3000, 4000, 1500, 2000],
    [2000, 2000, 2000, 2000],
    [640, 480, 640, 480],
    [20_000, 3, 2000, 1],
  ])('%i × %i becomes %i × %i', (width, height, toWidth, toHeight) => {
    expect(fitWithin(width, height, 2000)).toEqual({ width: toWidth, height: toHeight })
  })
})

describe('jpegName', () => {
  it.each([
    ['IMG_1.HEIC', 'IMG_1.jpg'],
    ['机房.2026.png', '机房.2026.jpg'],
    ['photo', 'photo.jpg'],
    ['.png', 'photo.jpg'],
  ])('%s becomes %s', (name, expected) => expect(jpegName(name)).toBe(expected))
})
