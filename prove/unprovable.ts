import postgres from 'postgres'
import { Failure, messageOf } from '../local/failure.ts'

/** Why a database could not be read, in one line that holds no password. */
export function toFailure(cause: unknown, where: string): Failure {
  if (cause instanceof Failure) return cause
  if (cause instanceof postgres.PostgresError) {
    const reason = refusals[cause.code] ?? messageOf(cause)
    return new Failure(`${where}: ${reason}`)
  }
  const code = codeOf(cause)
  return new Failure(`${where} can't be reached: ${unreachable[code] ?? firstLine(messageOf(cause))}`)
}

const refusals: Record<string, string> = {
  '28P01': 'the password or the user is wrong',
  '28000': 'this user may not connect',
  '3D000': 'there is no such database',
  '42501': 'this user may not read what the laws are about; connect as the owner of the database (postgres)',
  '53300': 'all its connections are taken; try again later',
  '57014': 'it did not answer within its time; try again when less runs',
  '57P03': 'it is starting or stopping; try again later',
}

const unreachable: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  CONNECT_TIMEOUT: 'no answer that Postgres would give',
  CONNECTION_CLOSED: 'it hung up: this may not be Postgres',
  ECONNRESET: 'it hung up: this may not be Postgres',
}

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''

const firstLine = (text: string): string => text.split('\n')[0] ?? ''
