import { describe, expect, it } from 'vitest'
import { JPEG, PNG, SVG, WEBP } from '../../../tests/kit/photos.ts'
import { checkPhoto, photoName } from './photo-check.ts'

describe('checkPhoto', () => {
  it.each([
    ['image/jpeg', JPEG],
    ['image/jpeg', Buffer.concat([JPEG, Buffer.from('trailer of a camera')])],
    ['image/png', PNG],
    ['image/webp', WEBP],
  ])('knows %s by its bytes', (type, bytes) => {
    expect(checkPhoto(bytes)).toEqual({ ok: true, type })
  })

  it.each([
    ['JPEG', JPEG],
    ['PNG', PNG],
    ['WebP', WEBP],
  ])('refuses a %s cut off anywhere', (_name, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) expect(checkPhoto(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false)
  })

  it.each([
    ['SVG', SVG],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['GIF', Buffer.from('GIF89a')],
    ['a program', Buffer.from('MZ\u0090\0')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_name, bytes) => {
    expect(checkPhoto(bytes)).toEqual({ ok: false, problem: 'not-a-photo' })
  })

  it('ends with bytes made to keep it walking', () => {
    const png = Buffer.concat([PNG.subarray(0, 8), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from('IDAT')])
    expect(checkPhoto(png).ok).toBe(false)
    expect(checkPhoto(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), Buffer.alloc(1000)])).ok).toBe(false)
  })
})

describe('photoName', () => {
  it.each([
    ['空调 外机.jpg', '空调 外机.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\li\\机房.png', '机房.png'],
    ['a\r\nset-cookie: x.jpg', 'aset-cookie: x.jpg'],
    ['photo\u202Egpj.exe', 'photogpj.exe'],
    ['..', 'photo'],
    ['', 'photo'],
  ])('of %j is %j', (name, expected) => expect(photoName(name)).toBe(expected))
  it('is not longer than a screen shows', () => expect([...photoName('图'.repeat(500))]).toHaveLength(120))
})
