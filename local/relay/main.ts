import postgres from 'postgres'
import { announce, instructions, listen } from '../speak.ts'
import { deliverRequests } from './requests.ts'
import { runJobs } from './jobs.ts'

/** What the relay is told. */
export interface RelayInstructions {
  /** Reads the queues: the owner of schemas net and cron. */
  queueUrl: string
  /** Runs the jobs: the role that scheduled them. */
  jobUrl: string
}

const told = instructions<RelayInstructions>()
const quiet = { onnotice: () => undefined, connection: { application_name: 'dial-smart relay' } }
const queue = postgres(told.queueUrl, { ...quiet, max: 2 })
const jobs = postgres(told.jobUrl, { ...quiet, max: 8 })

await deliverRequests(queue)
await runJobs(queue, jobs)
announce(0)
listen()
