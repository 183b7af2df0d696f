export * from './codec.ts'
export * from './datatypes.ts'
export * from './metrics.ts'
export * from './topics.ts'
