import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../client/api.ts'

/** A register that one may use, with how many of its records are open, overdue, or wait for oneself. */
export interface RegisterEntry {
  definition: RegisterDefinition
  mayCreate: boolean
  open: number
  overdue: number
  mine: number
}

export function registersQuery() {
  return queryOptions({
    queryKey: queries.registers.definitions.queryKey(),
    queryFn: async ({ signal }) => (await api.registers.definitions(undefined, { signal })) as RegisterEntry[],
  })
}

/** The registers one may use. */
export function useRegisters() {
  return useQuery(registersQuery())
}

/** Rooms, people and devices that fields choose from. They change seldom. */
export function useRegisterChoices() {
  return useQuery({ ...queries.registers.choices.queryOptions(), staleTime: 60_000 })
}
