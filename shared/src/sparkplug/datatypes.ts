/** Sparkplug B data types (specification chapter 6.4.16, "Data Types"). The number is what travels in `Metric.datatype`. */
export const DataType = {
  /** Not told in this message: data leaves out what its birth has said. */
  Unknown: 0,
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
} as const
export type DataType = (typeof DataType)[keyof typeof DataType]
