import type { PlanItem } from '@roomkeeper/shared/model'

const PATHS: Record<PlanItem['type'], string> = {
  rack: 'M5 2h8v14H5zM5 6h8M5 10h8',
  'air-conditioner': 'M2 4h14v6H2zM5 13v2M9 13v3M13 13v2',
  ups: 'M4 2h10v14H4zM10 4 7 9h4l-3 5',
  device: 'M3 4h12v10H3zM6 7h2M6 11h6',
  probe: 'M9 9m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0M9 2v4M9 12v4',
  door: 'M3 15V3a12 12 0 0 1 12 12z',
  wall: 'M2 7h14v4H2z',
  column: 'M5 5h8v8H5zM5 5l8 8M13 5l-8 8',
  text: 'M4 4h10M9 4v11',
}

export function ItemIcon({ type }: { type: PlanItem['type'] }) {
  return (
    <svg className="plan-icon" viewBox="0 0 18 18" aria-hidden="true">
      <path d={PATHS[type]} />
    </svg>
  )
}
