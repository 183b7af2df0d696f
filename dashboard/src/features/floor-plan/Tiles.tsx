import { TILE_M } from '@roomkeeper/shared/model'

/** The raised floor: one line per tile, fewer where they would be too dense. */
export function Tiles({ width, depth, scale }: { width: number; depth: number; scale: number }) {
  const step = TILE_M * Math.max(1, Math.ceil(9 / (TILE_M * scale)))
  const lines = [
    ...Array.from({ length: Math.floor(width / step + 1e-6) + 1 }, (_, n) => `M${n * step * scale} 0V${depth * scale}`),
    ...Array.from({ length: Math.floor(depth / step + 1e-6) + 1 }, (_, n) => `M0 ${n * step * scale}H${width * scale}`),
  ]
  return (
    <>
      <path className="plan-tiles" d={lines.join('')} />
      <rect className="plan-outline" width={width * scale} height={depth * scale} />
    </>
  )
}
