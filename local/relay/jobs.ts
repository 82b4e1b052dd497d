import { Cron } from 'croner'
import type postgres from 'postgres'

interface Job {
  jobid: string
  schedule: string
  command: string
}

/** Runs the jobs of `cron.job` at their times (UTC), and notices when the list changes. */
export async function runJobs(queue: postgres.Sql, runner: postgres.Sql): Promise<void> {
  let planned: Cron[] = []
  const plan = async () => {
    const jobs = await queue<Job[]>`select jobid, schedule, command from cron.job where active`
    for (const cron of planned) cron.stop()
    planned = jobs.flatMap((job) => toCron(job, () => run(queue, runner, job)))
  }
  const safely = () => plan().catch((error) => console.warn(`schedules: ${error.message}`))
  await queue.listen('cron_job', safely)
  await safely()
}

/** pg_cron knows five fields, or `30 seconds`. */
function toCron(job: Job, work: () => Promise<void>): Cron[] {
  const [, seconds] = job.schedule.match(/^(\d+) seconds?$/) ?? []
  try {
    // `protect`: a job that still runs isn't started a second time.
    const options = { timezone: 'UTC', protect: true, interval: seconds ? Number(seconds) : undefined }
    return [new Cron(seconds ? '* * * * * *' : job.schedule, options, work)]
  } catch (error) {
    console.warn(`schedule of job ${job.jobid}: ${error instanceof Error ? error.message : error}`)
    return []
  }
}

async function run(queue: postgres.Sql, runner: postgres.Sql, job: Job): Promise<void> {
  const started = new Date()
  const [status, message] = await runner.unsafe(job.command).then(
    (result) => ['succeeded', `${result.command ?? ''} ${result.count ?? ''}`.trim()],
    (error: Error) => ['failed', error.message],
  )
  if (status === 'failed') console.warn(`job ${job.jobid}: ${message}`)
  await queue`
    insert into cron.job_run_details (jobid, command, status, return_message, start_time, end_time)
    values (${job.jobid}, ${job.command}, ${status ?? ''}, ${message ?? ''}, ${started}, ${new Date()})`
    .catch((error) => console.warn(`job ${job.jobid}: ${error.message}`))
}
