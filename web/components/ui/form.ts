import { zodResolver } from '@hookform/resolvers/zod'
import { useRef } from 'react'
import {
  type DefaultValues,
  type FieldValues,
  type Path,
  type RegisterOptions,
  useForm,
  type UseFormRegisterReturn,
  type UseFormReturn,
} from 'react-hook-form'
import type { z } from 'zod'
import { ProblemError } from '../../../shared/client/index.ts'

/** An empty line means that nothing was said. */
export const optional = { setValueAs: (value: unknown) => value === '' ? undefined : value }

/** The same where nothing is a value of its own. */
export const nullable = { setValueAs: (value: unknown) => value === '' ? null : value }

/** What belongs to one input of a form: its name and handlers, and the error shown under it. */
export type FieldInput = UseFormRegisterReturn & { error?: string }

interface SchemaForm<Input extends FieldValues, Output> extends UseFormReturn<Input, unknown, Output> {
  field: (
    name: Path<Input>,
    options?: RegisterOptions<Input, Path<Input>>,
  ) => FieldInput
  /** Sends what was typed, once it is well formed. */
  onSubmit: (
    send: (values: Output, retry: { idempotencyKey: string }) => Promise<unknown>,
  ) => ReturnType<UseFormReturn<Input, unknown, Output>['handleSubmit']>
  isSubmitting: boolean
  problem?: string
}

/**
 * A form that a zod schema of the contract checks, before it is sent and with the server's words. What the server finds
 * wrong lands at the field it is about, or in `problem`; whatever was typed stays.
 */
export function useSchemaForm<Input extends FieldValues, Output>(
  schema: z.ZodType<Output, Input>,
  { defaultValues, fieldOf = {} }: {
    defaultValues: DefaultValues<Input>
    /** Fields that problems without `errors` are about, as `{ slug_taken: 'slug' }`. */
    fieldOf?: Partial<Record<string, Path<Input>>>
  },
): SchemaForm<Input, Output> {
  const form = useForm<Input, unknown, Output>({ resolver: zodResolver(schema), defaultValues })
  const retry = useRetryKey()
  const names = useRef(new Set<Path<Input>>())
  const { errors, isSubmitting } = form.formState

  const onSubmit: SchemaForm<Input, Output>['onSubmit'] = (send) =>
    form.handleSubmit(async (values) => {
      try {
        await send(values, { idempotencyKey: retry.keyFor(values) })
        retry.answered()
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        if (!isUnanswered(error)) retry.answered()
        let shown = false
        for (const { pointer, message } of error.errors) {
          const name = [...names.current].find((field) => {
            const place = `/${field.replaceAll('.', '/')}`
            return pointer === place || pointer.startsWith(`${place}/`)
          })
          if (name === undefined) continue
          form.setError(name, { message }, { shouldFocus: !shown })
          shown = true
        }
        const field = fieldOf[error.code]
        if (field !== undefined) form.setError(field, { message: error.detail }, { shouldFocus: true })
        else if (!shown) form.setError('root.problem', { message: error.detail })
      }
    })

  const field: SchemaForm<Input, Output>['field'] = (name, options = {}) => {
    names.current.add(name)
    return { ...form.register(name, options), error: messageAt(errors, name) }
  }

  return { ...form, field, onSubmit, isSubmitting, problem: messageAt(errors, 'root.problem') }
}

function messageAt(errors: object, path: string): string | undefined {
  let found: unknown = errors
  for (const part of path.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined
  }
  const message = typeof found === 'object' && found !== null ? Reflect.get(found, 'message') : undefined
  return typeof message === 'string' ? message : undefined
}

/** Nobody knows whether the request was served. */
const isUnanswered = ({ status, code }: ProblemError): boolean => status === 0 || code === 'unavailable'

/** The Idempotency-Key of what is being sent: the same for the same values, until there is an answer. */
export function useRetryKey() {
  const pending = useRef<{ values: string; key: string }>(undefined)
  return {
    keyFor: (values: unknown): string => {
      const text = JSON.stringify(values)
      if (pending.current?.values !== text) pending.current = { values: text, key: crypto.randomUUID() }
      return pending.current.key
    },
    answered: () => void (pending.current = undefined),
  }
}
