import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** How far from the end of what is there more is asked for. */
const ahead = 30

interface More {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isError: boolean
  fetchNextPage: () => unknown
}

// On a phone rows are cards, with a margin that belongs to their place.
const heightOf = (row: Element): number =>
  row.getBoundingClientRect().height + Number.parseFloat(getComputedStyle(row).marginBlockEnd)

/**
 * The body of a table of any length. Only rows near the window are there, the others are space; more are asked for
 * before somebody scrolls to the end.
 *
 * @example
 * <LongRows entries={members} keyOf={({ user_id }) => user_id} columns={4} more={query}>
 *   {(member) => <MemberCells member={member} />}
 * </LongRows>
 */
export function LongRows<Entry>({ entries, keyOf, columns, more, children }: {
  entries: Entry[]
  keyOf: (entry: Entry) => string
  columns: number
  more: More
  /** The cells of a row. */
  children: (entry: Entry) => ReactNode
}) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    if (body.current) setTop(Math.round(body.current.getBoundingClientRect().top + scrollY))
  }, [entries])
  const rows = useWindowVirtualizer({
    count: entries.length,
    estimateSize: () => 64,
    overscan: 12,
    scrollMargin: top,
    measureElement: heightOf,
    getItemKey: (index) => {
      const entry = entries[index]
      return entry === undefined ? index : keyOf(entry)
    },
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = more
  const isNearEnd = last !== undefined && last.index >= entries.length - ahead
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage()
  }, [isNearEnd, hasNextPage, isFetchingNextPage, isError, fetchNextPage])
  return (
    <tbody ref={body}>
      <Space height={(shown[0]?.start ?? top) - top} columns={columns} />
      {shown.map(({ index, key }) => {
        const entry = entries[index]
        return entry !== undefined && (
          <tr key={key} ref={rows.measureElement} data-index={index} aria-rowindex={index + 2}>{children(entry)}</tr>
        )
      })}
      <Space height={rows.getTotalSize() + top - (last?.end ?? top)} columns={columns} />
    </tbody>
  )
}

function Space({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    <tr className='ds-space' aria-hidden='true'>
      <td colSpan={columns} style={{ blockSize: height }} />
    </tr>
  )
}
