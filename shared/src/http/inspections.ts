import { z } from 'zod'
import { id, longText, pageQuery, route, timeMs } from './contract-base.ts'

/** Regulation I1, E5: the items of the room inspection. `measured` items carry the reading seen on the sheet. */
export const INSPECTION_ITEMS = {
  temperature: { zh: '温度', en: 'Temperature', measured: 'Cel', clause: 'E1' },
  humidity: { zh: '湿度', en: 'Humidity', measured: '%', clause: 'E1' },
  voltage: { zh: '市电电压', en: 'Mains voltage', measured: 'V', clause: 'E1' },
  ups: { zh: 'UPS 运行', en: 'UPS', measured: undefined, clause: 'E1' },
  cleanliness: { zh: '清洁与防尘防鼠', en: 'Cleanliness, dust, rodents', measured: undefined, clause: 'E5' },
  fire: { zh: '消防与易燃物', en: 'Fire protection, no flammables', measured: undefined, clause: 'E5' },
  water: { zh: '防潮与漏水', en: 'Damp and water leaks', measured: undefined, clause: 'E5' },
} as const
export type InspectionItem = keyof typeof INSPECTION_ITEMS
export const INSPECTION_ITEM_NAMES = Object.keys(INSPECTION_ITEMS) as [InspectionItem, ...InspectionItem[]]

const answerSchema = z.object({
  result: z.enum(['normal', 'abnormal']).optional(),
  measured: z.number().nullable().optional(),
  note: longText.optional(),
})
export const inspectionFieldsSchema = z.object({
  answers: z.partialRecord(z.enum(INSPECTION_ITEM_NAMES), answerSchema),
  note: longText.optional(),
})
export type InspectionFields = z.output<typeof inspectionFieldsSchema>

/** Every item answered; an abnormal one says what was seen. */
export const inspectionSubmitSchema = inspectionFieldsSchema.superRefine((fields, context) => {
  for (const item of INSPECTION_ITEM_NAMES) {
    const answer = fields.answers[item]
    if (!answer?.result)
      context.addIssue({
        code: 'custom',
        path: ['answers', item],
        message: `${INSPECTION_ITEMS[item].zh}：请选择正常或异常 / choose normal or abnormal`,
      })
    if (answer?.result === 'abnormal' && !answer.note)
      context.addIssue({
        code: 'custom',
        path: ['answers', item, 'note'],
        message: `${INSPECTION_ITEMS[item].zh}：异常须说明 / say what is abnormal`,
      })
  }
})

export const inspectionScheduleSchema = z.object({
  id,
  roomId: id,
  roomName: z.string(),
  /** At most 7 (regulation I1). */
  everyDays: z.number(),
  lastDoneAtMs: timeMs.nullable(),
  dueAtMs: timeMs,
  overdue: z.boolean(),
  /** The draft someone has begun. */
  draftId: id.nullable(),
})
export type InspectionSchedule = z.output<typeof inspectionScheduleSchema>

export const inspectionSchema = z.object({
  id,
  scheduleId: id,
  roomId: id,
  roomName: z.string(),
  state: z.enum(['draft', 'submitted']),
  fields: inspectionFieldsSchema,
  revision: z.number(),
  /** What the sensors say now (draft) or said at submission, per measured item: min, mean, max since the last inspection, and the latest. */
  measured: z.partialRecord(
    z.enum(INSPECTION_ITEM_NAMES),
    z.object({ latest: z.number().nullable(), min: z.number().nullable(), max: z.number().nullable() }),
  ),
  startedBy: z.string(),
  startedAtMs: timeMs,
  submittedBy: z.string().nullable(),
  submittedAtMs: timeMs.nullable(),
})
export type Inspection = z.output<typeof inspectionSchema>

export const inspections = {
  schedules: route
    .route({ method: 'GET', path: '/inspection-schedules', tags: ['inspections'], summary: 'What is due when' })
    .meta({ permission: 'inspections.read' })
    .output(z.array(inspectionScheduleSchema)),
  setSchedule: route
    .route({
      method: 'PUT',
      path: '/inspection-schedules/{scheduleId}',
      tags: ['inspections'],
      summary: 'How often a room is inspected, at least every 7 days',
    })
    .meta({ permission: 'inspections.write' })
    .input(z.object({ scheduleId: id, everyDays: z.number().int().min(1).max(7) }))
    .output(inspectionScheduleSchema),
  list: route
    .route({ method: 'GET', path: '/inspections', tags: ['inspections'], summary: 'The inspection ledger, newest first' })
    .meta({ permission: 'inspections.read' })
    .input(z.object({ roomId: id.optional(), ...pageQuery }))
    .output(z.array(inspectionSchema)),
  get: route
    .route({ method: 'GET', path: '/inspections/{inspectionId}', tags: ['inspections'], summary: 'One inspection' })
    .meta({ permission: 'inspections.read' })
    .input(z.object({ inspectionId: id }))
    .output(inspectionSchema),
  start: route
    .route({
      method: 'POST',
      path: '/inspections',
      tags: ['inspections'],
      summary: 'Begin an inspection, or go on with the draft of this schedule',
    })
    .meta({ permission: 'inspections.write' })
    .input(z.object({ scheduleId: id }))
    .output(inspectionSchema),
  saveDraft: route
    .route({ method: 'PUT', path: '/inspections/{inspectionId}/draft', tags: ['inspections'], summary: 'Save a draft' })
    .meta({ permission: 'inspections.write' })
    .input(z.object({ inspectionId: id, revision: z.number().int(), fields: inspectionFieldsSchema }))
    .output(inspectionSchema),
  submit: route
    .route({
      method: 'POST',
      path: '/inspections/{inspectionId}/submit',
      tags: ['inspections'],
      summary: 'Submit, signed with the own password',
    })
    .meta({ permission: 'inspections.write' })
    .input(z.object({ inspectionId: id, revision: z.number().int(), fields: inspectionSubmitSchema, password: z.string().min(1).max(200) }))
    .output(inspectionSchema),
}
