import type { PostgrestError } from '@supabase/supabase-js'
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ProblemError } from '../../shared/client/index.ts'
import { isLong, lookAgain } from '../components/query.ts'
import { toRefusal } from './data-api.ts'

/** How many rows a page has. */
export const pageSize = 50

/** Where a page ends: the next one has what is older. */
export interface Cursor {
  created_at: string
  id: string
}

export interface RowsPage<Row> {
  rows: Row[]
  next_cursor: Cursor | null
}

/** A request of the Data API for rows, to which can still be said which of them. */
interface RowsRequest<Row> extends PromiseLike<{ data: Row[] | null; error: PostgrestError | null; status: number }> {
  or(filters: string): this
  order(column: string, options: { ascending: boolean }): this
  limit(count: number): this
  abortSignal(signal: AbortSignal): this
}

/** One page of rows, newest first. */
export async function readNewest<Row extends Cursor>(
  request: RowsRequest<Row>,
  after: Cursor | undefined,
  signal: AbortSignal,
): Promise<RowsPage<Row>> {
  const older = after
    ? request.or(`created_at.lt."${after.created_at}",and(created_at.eq."${after.created_at}",id.lt.${after.id})`)
    : request
  const { data, error, status } = await older
    .order('created_at', { ascending: false })
    .order('id', { ascending: false })
    .limit(pageSize)
    .abortSignal(signal)
  if (error) throw toRefusal(error, status)
  const rows = data ?? []
  const last = rows.at(-1)
  return { rows, next_cursor: rows.length === pageSize && last ? { created_at: last.created_at, id: last.id } : null }
}

/** Rows of the organization, newest first; what was read before stays until others have come. */
export function useNewest<Row extends Cursor>(
  queryKey: string[],
  read: (after: Cursor | undefined, signal: AbortSignal) => Promise<RowsPage<Row>>,
) {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery<
    RowsPage<Row>,
    ProblemError,
    { pages: RowsPage<Row>[] },
    string[],
    Cursor | undefined
  >({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: ({ state }) => !isLong(state.data),
    refetchOnReconnect: ({ state }) => !isLong(state.data),
  })
  const rows = query.data?.pages.flatMap((page) => page.rows)
  // To who has been removed, the Data API does not refuse: there is nothing. So nothing is a reason to look again.
  const isEmpty = rows?.length === 0
  useEffect(() => {
    if (isEmpty) lookAgain(queryClient)
  }, [isEmpty, query.dataUpdatedAt, queryClient])
  return { ...query, rows }
}

/** What was typed, once nothing was typed for a moment. */
export function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), 250)
    return () => clearTimeout(timer)
  }, [typed])
  return settled
}
