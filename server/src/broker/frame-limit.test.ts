import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameLimit } from './frame-limit.ts'

/** A PUBLISH to the topic `t`, QoS 0, as MQTT 3.1.1 (3.3) writes it. */
function publish(payloadBytes: number): Buffer {
  const body = Buffer.concat([Buffer.from([0, 1]), Buffer.from('t'), Buffer.alloc(payloadBytes)])
  const header = [0x30]
  for (let left = body.length; ; ) {
    const [low, rest] = [left % 128, Math.floor(left / 128)]
    header.push(rest > 0 ? low + 128 : low)
    if (rest === 0) break
    left = rest
  }
  return Buffer.concat([Buffer.from(header), body])
}

test('real packets pass or are stopped by their size, however the bytes are cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 50 }),
      (sizes, chunkBytes) => {
        const stream = Buffer.concat(sizes.map(publish))
        const limit = new FrameLimit()
        let accepted = true
        for (let at = 0; at < stream.length && accepted; at += chunkBytes)
          accepted = limit.accepts(stream.subarray(at, at + chunkBytes), 203)
        // Topic length (2), topic (1) and payload.
        expect(accepted).toBe(sizes.every((size) => size + 3 <= 203))
      },
    ),
  )
})

test('packets without a body, and a length of five bytes', () => {
  expect(new FrameLimit().accepts(Buffer.from([0xc0, 0x00, 0xc0, 0x00, 0xe0, 0x00]), 10)).toBe(true)
  expect(new FrameLimit().accepts(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]), 2 ** 31)).toBe(false)
})

test('it stops at the announcement, not at the last byte', () => {
  const header = publish(5000).subarray(0, 3)
  expect(new FrameLimit().accepts(header, 1000)).toBe(false)
})
