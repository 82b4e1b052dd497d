import postgres from 'postgres'
import type { Keys } from '../keys.ts'
import { postgresPassword } from '../keys.ts'
import type { Settings } from '../settings.ts'

type Login = 'postgres' | keyof Keys['passwords']

/** The connection string of a role. */
export function databaseUrl(settings: Settings, keys: Keys, role: Login, database = 'postgres'): string {
  const password = role === 'postgres' ? postgresPassword : keys.passwords[role]
  return `postgresql://${role}:${password}@127.0.0.1:${settings.ports.db}/${database}`
}

/** Runs `work` on one connection, and closes it. */
export async function withConnection<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connection: { application_name: 'dial-smart' } })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
