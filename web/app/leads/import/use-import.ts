import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { LeadField } from '../../../../shared/contract/lead-fields.ts'
import { useOrganizationId, useOrganizationsContext } from '../../../components/context.tsx'
import { lookAgainAfter } from '../../../components/query.ts'
import { leadsKey } from '../leads.ts'
import { isCountryCode } from './columns-form.tsx'
import { type Choices, FileProblem, maxFileBytes, type Opened, type Reading } from './file.ts'
import { createReader, type Reader } from './reader.ts'
import { createSender, type Outcome, type Progress } from './send.ts'

/** A size in words. */
const toSize = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`

/** The sentence for people, from the worker or from here. */
export const toSentence = (error: unknown): string =>
  error instanceof Error && error.name === 'FileProblem' ? error.message : 'The file could not be read.'

/** Reads one file in a worker, for an organization with these fields, and lets it be read anew. */
export function useFile(fields: LeadField[]) {
  const reader = useRef<Reader>(undefined)
  const [opened, setOpened] = useState<Opened & { name: string }>()
  const [choices, setChoices] = useState<Choices>()

  const forget = () => {
    reader.current?.close()
    reader.current = undefined
    setOpened(undefined)
    setChoices(undefined)
  }
  useEffect(() => () => reader.current?.close(), [])

  const take = (name: string, read: Opened) => {
    setOpened({ ...read, name })
    setChoices((before) => ({ countryCode: '', keepDuplicates: false, ...before, mapping: read.mapping }))
  }
  const open = useMutation<void, Error, File>({
    mutationFn: async (file) => {
      forget()
      // Before it is read: a browser would hold all of it.
      if (file.size > maxFileBytes) {
        throw new FileProblem(
          `The file has ${toSize(file.size)}; at most ${
            toSize(maxFileBytes)
          } are read at a time. Cut it into smaller ones.`,
        )
      }
      reader.current = createReader()
      take(file.name, await reader.current.file.open(file, fields))
    },
  })
  const reopen = useMutation<void, Error, Reading>({
    mutationFn: async (reading) => {
      if (reader.current && opened) take(opened.name, await reader.current.file.reopen(reading))
    },
  })
  return { fields, reader, opened, choices, setChoices, open, reopen, forget }
}

export type OpenFile = ReturnType<typeof useFile>

/** What would be imported by these choices. */
export function useCheck({ reader, opened, choices }: OpenFile) {
  return useQuery({
    queryKey: ['leads-import', opened?.name, opened?.encoding, opened?.delimiter, opened?.hasHeader, choices],
    queryFn: async () => {
      if (!reader.current || !choices) throw new FileProblem('Choose a file first.')
      return await reader.current.file.check(choices)
    },
    enabled: choices !== undefined && isCountryCode(choices.countryCode),
    // What the worker has at hand are the rows of the last check.
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

/** Sends the rows, and says how far that is. */
export function useSending() {
  const { client } = useOrganizationsContext()
  const id = useOrganizationId()
  const queryClient = useQueryClient()
  const [total, setTotal] = useState(0)
  const [progress, setProgress] = useState<Progress>()
  const [outcome, setOutcome] = useState<Outcome>()
  const sender = useRef<ReturnType<typeof createSender>>(undefined)
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])

  const goOn = async () => {
    setOutcome(undefined)
    const ended = await sender.current?.send()
    if (!ended) return
    setOutcome(ended)
    if ('problem' in ended) lookAgainAfter(ended.problem, queryClient)
    await queryClient.invalidateQueries({ queryKey: leadsKey(id) })
  }
  const start = async ({ file }: Reader, choices: Choices) => {
    const { good, batches } = await file.check(choices)
    const controller = new AbortController()
    stop.current = controller
    setTotal(good)
    sender.current = createSender({
      batches,
      batch: (n) => file.batch(n),
      create: (leads, retry) => client.records.create('leads', leads, retry),
      signal: controller.signal,
      onProgress: setProgress,
    })
    setProgress(sender.current.progress())
    await goOn()
  }
  const forget = () => {
    sender.current = undefined
    setProgress(undefined)
    setOutcome(undefined)
  }
  return { total, progress, outcome, start, goOn, cancel: () => stop.current?.abort(), forget }
}
