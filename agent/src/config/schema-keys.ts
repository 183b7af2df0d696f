import { z } from 'zod'
import type { KeyPath } from './problem.ts'

/** The keys a schema knows at a path; undefined where the schema does not say (records, transforms of unknown things). */
export function knownKeys(schema: unknown, path: KeyPath = []): string[] | undefined {
  if (schema instanceof z.ZodObject) {
    if (path.length === 0) return Object.keys(schema.shape)
    return knownKeys(schema.shape[String(path[0])], path.slice(1))
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return knownKeys(schema.unwrap(), path)
  }
  if (schema instanceof z.ZodPipe) return knownKeys(schema.in, path)
  if (schema instanceof z.ZodArray) return knownKeys(schema.element, path.slice(1))
  if (schema instanceof z.ZodRecord) return knownKeys(schema.valueType, path.slice(1))
  if (schema instanceof z.ZodIntersection) return merge([schema.def.left, schema.def.right], path)
  if (schema instanceof z.ZodUnion) return merge(schema.options, path)
  return undefined
}

function merge(schemas: readonly unknown[], path: KeyPath): string[] | undefined {
  const found = schemas.map((schema) => knownKeys(schema, path)).filter((keys) => keys !== undefined)
  return found.length > 0 ? [...new Set(found.flat())] : undefined
}
