import { inject } from 'vitest'
import type { Status } from '../../../local/state.ts'

/** A URL or a key of the running stack, under its name in `npm run -s status`. */
export const stack = (name: keyof Omit<Status, 'REPLICA_DB_URL'>): string => inject('stack')[name]
