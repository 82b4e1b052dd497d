import type { DataApi, OnBehalfOf } from './data-api.ts'
import type { Caller } from './caller.ts'
import type { Deps } from './deps.ts'
import type { LogEntry } from './log.ts'

/** What every handler finds at `c.var`. */
export interface AppEnv {
  Variables: {
    deps: Deps
    requestId: string
    /** The JSON body as it came, once it has been read. */
    bodyText: string
    /** What handlers add to the line that the log writes for this request. */
    logged: Partial<LogEntry>
  }
}

/** What a handler finds besides where a route lets only certain callers in: the Data API, on the caller's behalf. */
export interface DataEnv {
  Variables: AppEnv['Variables'] & { db: DataApi }
}

/** What a handler of a route for signed-in people finds. */
export interface CallerEnv {
  Variables: DataEnv['Variables'] & { caller: Caller; onBehalfOf: OnBehalfOf }
}
