import type { Driver } from '../driver.ts'
import { type HttpJsonOptions, httpJsonOptions } from './options.ts'

/** Devices and services that answer a GET with JSON. */
export const httpJsonDriver: Driver<HttpJsonOptions> = {
  name: 'http-json',
  summary: {
    zh: '通过 HTTP 读取 JSON：任何按地址返回 JSON 的设备，内置 Shelly 和 Tasmota。',
    en: 'Reads JSON over HTTP: any device that answers an address with JSON; Shelly and Tasmota are known.',
  },
  options: httpJsonOptions,
  open: async (options, context) => (await import('./connection.ts')).openHttpJson(options, context),
}
