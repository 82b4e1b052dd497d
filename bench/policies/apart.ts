import type postgres from 'postgres'

/**
 * Gives the database server and this process, its client, a processor each, as far as the system can: with `taskset` of
 * util-linux, and two processors. What the server starts from now on stays on its processor, as does this connection.
 */
export async function keepApart(admin: postgres.Sql): Promise<boolean> {
  const [server] = await admin<{ pid: string; own: string }[]>`
    select split_part(pg_read_file('postmaster.pid'), e'\n', 1) as pid, pg_backend_pid()::text as own`
  const isPinned = async (...args: string[]): Promise<boolean> => {
    const command = new Deno.Command('taskset', { args, stdout: 'null', stderr: 'null' })
    return (await command.output().catch(() => undefined))?.success ?? false
  }
  return await isPinned('-cp', '0', server!.pid) && await isPinned('-cp', '0', server!.own) &&
    await isPinned('-acp', '1', String(Deno.pid))
}
