import type { SavedPlan } from '@roomkeeper/shared/http'
import type { FloorPlan } from '@roomkeeper/shared/model'
import { planPictureUrl } from './picture-urls.ts'

interface Props {
  background: NonNullable<FloorPlan['background']>
  picture: NonNullable<SavedPlan['picture']>
  scale: number
}

/** The drawing under the plan. As an image it can run nothing and reach nothing. */
export function PlanPicture({ background, picture, scale }: Props) {
  const width = background.width * scale
  return (
    <div className="plan-picture" aria-hidden="true">
      <img
        src={planPictureUrl(picture.id)}
        alt=""
        draggable={false}
        style={{
          left: background.x * scale,
          top: background.y * scale,
          width,
          height: (width * picture.heightPx) / picture.widthPx,
          opacity: background.opacity,
        }}
      />
    </div>
  )
}
