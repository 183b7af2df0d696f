import { isAbsolute } from 'node:path'
import { POINT_KIND_NAMES } from '@roomkeeper/shared/model'
import { z } from 'zod'
import { checkPoints, jsonPath, jsonPointShape } from '../json-points.ts'

const topicPart = z
  .string()
  .min(1)
  .regex(/^[^+#\p{Cc}]+$/u, '不能有 + # · no + and no #')
  .refine((text) => !text.startsWith('/') && !text.endsWith('/'), '首尾不能有 / · no / at its begin or end')
const topic = z
  .string()
  .min(1)
  .regex(/^[^+#\p{Cc}]+$/u, '完整的主题，不能有 + # · one whole topic, without + and #')
const absolutePath = z.string().refine(isAbsolute, '请写绝对路径 · an absolute path')

const broker = {
  url: z
    .string()
    .regex(/^(mqtts?|wss?):\/\/[^@\s]+$/, 'mqtt://host:1883 或 mqtts://host:8883，不含用户名 · without a user in it')
    .describe('设备所连的 MQTT 服务器 · The broker the device publishes to'),
  username: z.string().min(1).optional().describe('用户名 · User name'),
  password: z.string().min(1).optional().describe('密码；最好写在文件或环境变量中 · Password; better in a file or a variable'),
  passwordFile: absolutePath.optional().describe('首行为密码的文件 · A file whose first line is the password'),
  passwordEnv: z.string().min(1).optional().describe('存放密码的环境变量 · Variable that holds the password'),
  ca: absolutePath.optional().describe('签发服务器证书的机构证书（PEM） · PEM file of the authority that signed the broker’s certificate'),
  reportsWithinMs: z
    .int()
    .min(1000)
    .max(30 * 86_400_000)
    .optional()
    .describe('设备最迟多久自行上报一次，毫秒；默认随格式 · The device reports at least so often, ms; the format’s own by default'),
}

const ownPoint = {
  ...jsonPointShape,
  topic: topic.describe('消息主题 · Topic of the messages'),
  reportsWithinMs: broker.reportsWithinMs,
}
const availability = z
  .strictObject({
    topic: topic.describe('在线状态的主题 · Topic that says whether the device is there'),
    online: z.string().default('online').describe('在线时的内容 · What is sent when it is there'),
    offline: z.string().default('offline').describe('离线时的内容，多为遗嘱 · What is sent when it is away, mostly by its will'),
  })
  .optional()

const contacts = z
  .record(
    z.string().min(1),
    z.strictObject({
      kind: z.enum(['leak', 'smoke', 'door', 'contact', 'cooling-fault']),
      badWhen: z.enum(['ON', 'OFF']).describe('异常时的状态 · The state when something is wrong'),
    }),
  )
  .default({})
  .describe('开关量输入：Switch1 等 · Inputs, by name: Switch1 …')

/** The `mqtt-device` device's own keys in agent.yaml, by format. */
export const mqttDeviceOptions = z
  .discriminatedUnion('format', [
    z.strictObject({
      ...broker,
      format: z.literal('tasmota'),
      topic: topicPart.describe('Tasmota 的 Topic · Topic of the device'),
      fullTopic: z
        .string()
        .regex(/%prefix%/, '缺少 %prefix% · %prefix% is missing')
        .default('%prefix%/%topic%/')
        .describe('Tasmota 的 FullTopic · FullTopic of the device'),
      contacts,
    }),
    z.strictObject({
      ...broker,
      format: z.literal('zigbee2mqtt'),
      device: topicPart.describe('友好名称 · Friendly name of the device'),
      prefix: topicPart.default('zigbee2mqtt').describe('Zigbee2MQTT 的 base_topic · base_topic of Zigbee2MQTT'),
    }),
    z.strictObject({
      ...broker,
      format: z.literal('shelly'),
      prefix: topicPart.describe('设备的 MQTT 前缀，默认为其编号 · MQTT prefix of the device; its id unless changed'),
    }),
    z.strictObject({
      ...broker,
      format: z.literal('esphome'),
      prefix: topicPart.describe('topic_prefix，默认为节点名 · topic_prefix; the node’s name unless changed'),
      kinds: z
        .record(z.string().min(1), z.enum(POINT_KIND_NAMES))
        .default({})
        .describe('各传感器的类型，默认由名称推断 · Kinds of its sensors; taken from their names by default'),
    }),
    z.strictObject({
      ...broker,
      format: z.literal('home-assistant'),
      device: z.string().min(1).describe('设备的标识、名称或节点 · Identifier, name or node id of the device'),
      prefix: topicPart.default('homeassistant').describe('自动发现的前缀 · Discovery prefix'),
    }),
    z.strictObject({
      ...broker,
      format: z.literal('json'),
      points: z.array(z.strictObject({ ...ownPoint, path: jsonPath })).min(1),
      availability,
    }),
    z.strictObject({
      ...broker,
      format: z.literal('value'),
      points: z.array(z.strictObject(ownPoint)).min(1),
      availability,
    }),
  ])
  .superRefine((options, context) => {
    const wrong = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message })
    const secrets = ['password', 'passwordFile', 'passwordEnv'] as const
    for (const key of secrets.filter((each) => options[each] !== undefined).slice(1))
      wrong([key], '密码只写一处 · the password is given twice')
    if (secrets.some((key) => options[key] !== undefined) && options.username === undefined)
      wrong(['username'], '缺少用户名 · a password needs a user name')
    if (options.ca !== undefined && !/^(mqtts|wss):/.test(options.url)) wrong(['ca'], '仅用于 mqtts:// · only mqtts:// has a certificate')
    if ('points' in options) checkPoints(options.points, wrong)
  })
export type MqttDeviceOptions = z.infer<typeof mqttDeviceOptions>
export type OptionsOf<Format extends MqttDeviceOptions['format']> = Extract<MqttDeviceOptions, { format: Format }>
