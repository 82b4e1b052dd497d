import '../../without/eval.ts'
import { expose } from 'comlink'
import type { LeadField } from '../../../../shared/contract/lead-fields.ts'
import { type Choices, createFile, FileProblem, type Left, type Reading } from './file.ts'

// Reads files beside the page, which stays as quick as it was.

let file: ReturnType<typeof createFile> | undefined

function current(): ReturnType<typeof createFile> {
  if (!file) throw new FileProblem('Choose a file first.')
  return file
}

const api = {
  open: async (chosen: File, fields: LeadField[]) => {
    file = createFile(new Uint8Array(await chosen.arrayBuffer()), fields)
    return file.open()
  },
  reopen: (reading: Reading) => current().open(reading),
  check: (choices: Choices) => current().check(choices),
  batch: (n: number) => current().batch(n),
  failedRows: (left: Left) => current().failedRows(left),
}
export type WorkerApi = typeof api

expose(api)
