import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { meeting } from './meeting.ts'

/** The only list of registers; each is one file in this folder. */
export const DEFINITIONS: readonly RegisterDefinition[] = [meeting]
