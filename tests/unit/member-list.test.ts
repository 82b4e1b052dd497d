import { InfiniteQueryObserver } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import type { Member, MembersAnswer } from '../../shared/contract/members.ts'
import { createQueryClient, keys, showChangedMembers } from '../../web/components/query.ts'

// A change of somebody in a list of members, however far it was read.

const acme = 'acme'
const perPage = 100

const person = (n: number): Member => ({
  user_id: `person ${n}`,
  email: `person.${n}@acme.test`,
  full_name: `Person ${n}`,
  role: 'member',
  joined_at: '2026-01-02T03:04:05Z',
  suspended_at: null,
})

/** A list of so many members that is looked at, read to its end or up to a page, and what was asked for. */
async function read(count: number, pages = count / perPage) {
  const queryClient = createQueryClient()
  const asked: number[] = []
  let answers: Promise<unknown> = Promise.resolve()
  const observer = new InfiniteQueryObserver<MembersAnswer, Error, { pages: MembersAnswer[] }, string[], number>(
    queryClient,
    {
      queryKey: keys.members(acme),
      queryFn: async ({ pageParam: from }) => {
        asked.push(from)
        await answers
        const next = from + perPage
        return {
          members: Array.from({ length: perPage }, (_, n) => person(from + n)),
          next_cursor: next < count ? String(next) : null,
        }
      },
      initialPageParam: 0,
      getNextPageParam: ({ next_cursor }) => next_cursor === null ? null : Number(next_cursor),
    },
  )
  const stop = observer.subscribe(() => {})
  let other = 0
  const usage = new InfiniteQueryObserver(queryClient, {
    queryKey: keys.usage(acme, {}),
    queryFn: () => ++other,
    initialPageParam: 0,
    getNextPageParam: () => null,
  })
  const stopOther = usage.subscribe(() => {})
  await vi.waitUntil(() => queryClient.isFetching() === 0)
  for (let page = 1; page < pages; page++) await observer.fetchNextPage()
  asked.length = 0
  return {
    asked,
    queryClient,
    observer,
    hold: (until: Promise<unknown>) => void (answers = until),
    timesOthersWereRead: () => other,
    pages: () => observer.getCurrentResult().data?.pages ?? [],
    members: () => observer.getCurrentResult().data?.pages.flatMap(({ members }) => members) ?? [],
    close() {
      stop()
      stopOther()
      queryClient.clear()
    },
  }
}

const makeAdmin = (id: string) => (member: Member): Member =>
  member.user_id === id ? { ...member, role: 'admin' } : member

describe('a change at the end of 10,000 members', () => {
  it('is shown there, and asks for none of them again', async () => {
    const list = await read(10_000)
    const before = list.pages()
    await showChangedMembers(list.queryClient, acme, makeAdmin('person 9999'))
    expect(list.asked).toEqual([])
    expect(list.members()).toHaveLength(10_000)
    expect(list.members().filter(({ role }) => role === 'admin')).toEqual([{ ...person(9999), role: 'admin' }])
    // What did not change is what it was: none of it is drawn anew.
    expect(list.pages().map((page, n) => page === before[n])).toEqual(before.map((_, n) => n !== 99))
    // What else is known of the organization is read again.
    expect(list.timesOthersWereRead()).toBe(2)
    list.close()
  })

  it('takes out who is gone', async () => {
    const list = await read(10_000)
    await showChangedMembers(list.queryClient, acme, (member) => member.user_id === 'person 5000' ? undefined : member)
    expect(list.members()).toHaveLength(9_999)
    expect(list.members().some(({ user_id }) => user_id === 'person 5000')).toBe(false)
    expect(list.asked).toEqual([])
    list.close()
  })

  it('is not undone by a page that was on its way', async () => {
    const list = await read(10_000, 50)
    const answer = Promise.withResolvers<void>()
    list.hold(answer.promise)
    const next = list.observer.fetchNextPage()
    await showChangedMembers(list.queryClient, acme, makeAdmin('person 4999'))
    answer.resolve()
    await next
    expect(list.members().filter(({ role }) => role === 'admin').map(({ user_id }) => user_id)).toEqual(['person 4999'])
    await list.observer.fetchNextPage()
    expect(list.members()).toHaveLength(5_100)
    expect(list.members().filter(({ role }) => role === 'admin').map(({ user_id }) => user_id)).toEqual(['person 4999'])
    list.close()
  })
})

it('a short list is read again: there may be more to see than what was changed here', async () => {
  const list = await read(300)
  await showChangedMembers(list.queryClient, acme, makeAdmin('person 0'))
  expect(list.asked).toEqual([0, 100, 200])
  // The server knows nothing of it here, and it has the last word.
  expect(list.members().filter(({ role }) => role === 'admin')).toEqual([])
  list.close()
})
