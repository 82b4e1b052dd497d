import type { SubscriptionStatus } from '../../shared/contract/plans.ts'
import type { ProtectedTable, Role } from '../../shared/roles.ts'
import type { ProblemCode } from '../../shared/problems.ts'

/** The people of every run. Una never confirmed her address. */
export const people = ['ann', 'ben', 'cleo', 'dan', 'eli', 'una'] as const
export type Person = (typeof people)[number]

/** Whether a handle is a person's. */
export const isPerson = (handle: string): handle is Person => people.some((person) => person === handle)

/** What the model calls a thing that the database knows by a uuid, such as `organization 2`. */
export type Handle = string

/** The handle of what never existed: its uuid is random. */
export const nowhere: Handle = 'nowhere'

/** The handle of a header that is no uuid. */
export const malformed: Handle = 'malformed'

/** Who asks, on which device, and which organization the header x-organization-id names. */
export interface Caller {
  person: Person
  device: number
  header?: Handle
}

export interface Organization {
  name: string
  slug?: string
  status: SubscriptionStatus
  deleted: 'no' | 'restorable' | 'for good'
}

export interface Membership {
  role: Role
  suspended: boolean
}

export interface Invitation {
  organization: Handle
  /** Whose address was invited; a stranger has no account, and a link is for anybody. */
  email: Person | 'stranger' | 'anybody'
  role: Role
  /** Who stands for it. */
  host: Person
  status: 'pending' | 'expired' | 'accepted' | 'declined' | 'revoked'
  /** How many tokens were made for it; the last one counts. */
  tokens: number
  /** How many have joined by it, and may. */
  uses: number
  maxUses: number
}

/** How many active members an organization of the basic plan may have. */
export const seats = 5

/** The model knows of seats; of other limits its organizations have as much as they can need. */
export const roomy = { max_campaigns: 1_000, max_phone_numbers: 1_000 }

export interface Row {
  table: ProtectedTable
  organization: Handle
  author?: Person
  changed: boolean
  /** The rows it names, by the column that names them. */
  links: Record<string, Handle>
}

/** An answer as it can be compared: everything the database named by a uuid is named by its handle. */
export type Value = null | boolean | number | string | undefined | Value[] | { [key: string]: Value }

/** What a request came to. */
export type Answer = { refused: string } | { value: Value }

/** The model says no. */
export class Refusal extends Error {
  constructor(readonly code: ProblemCode) {
    super(code)
  }
}

/** Says no. */
export function refuse(code: ProblemCode): never {
  throw new Refusal(code)
}

/** The answer that a rule of the model gives. */
export function answerOf(rule: () => Value): Answer {
  try {
    return { value: rule() }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code }
    throw error
  }
}
