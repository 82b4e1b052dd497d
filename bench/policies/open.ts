import postgres from 'postgres'
import { startStack } from '../../tests/stack/start.ts'
import { keepApart } from './apart.ts'
import { fill, type Size } from './data.ts'
import { openLibrary } from './libpq.ts'
import { settleControl, settlePeers } from './ways.ts'

export interface Bench {
  /** As superuser. */
  admin: postgres.Sql
  /** Where measured statements go, as superuser who becomes the role of a way. */
  url: string
  library: ReturnType<typeof openLibrary>
  /** Whether server and client have a processor each. */
  isApart: boolean
  close: () => Promise<void>
}

/** A stack with this much in it, and nothing that works on it by itself. */
export async function open(size: Size): Promise<Bench> {
  const stack = await startStack({ seed: false })
  const url = stack.status.ADMIN_DB_URL
  const admin = postgres(url, { max: 1, onnotice: () => {} })
  const library = openLibrary()
  const close = async () => {
    library.close()
    await admin.end()
    await stack.stop()
  }
  try {
    await admin`alter system set autovacuum = off`
    await admin`select pg_reload_conf()`
    await fill(admin, size)
    await settleControl(admin)
    if (size.copies) await settlePeers(admin)
    const isApart = await keepApart(admin)
    return { admin, url, library, isApart, close }
  } catch (error) {
    await close()
    throw error
  }
}
