import { describe, expect, it } from 'vitest'
import { ask } from './support/ask.ts'
import { type Actor, as, type Cast, stage } from './support/cast.ts'
import { attempt, inTransaction, type Transaction } from './support/database.ts'
import { withMigrated } from './support/migrations.ts'

// Looking leads up: what is found, in which order and on which page, and that nobody else's leads have a part in it.

interface Lead {
  id?: string
  phone_number?: string
  first_name?: string | null
  last_name?: string | null
  company?: string | null
  email?: string | null
  created_at?: Date | string
}

const insert = (tx: Transaction, organization: string, leads: Lead[]) =>
  tx`insert into leads (organization_id, id, phone_number, first_name, last_name, company, email, created_at)
    select ${organization}, coalesce(l.id, gen_random_uuid()), coalesce(l.phone_number, '+1'), l.first_name, l.last_name,
      l.company, l.email, coalesce(l.created_at, now())
    from jsonb_populate_recordset(null::leads, ${JSON.stringify(leads)}::text::jsonb) as l`

/** What the job would do by and by, for one organization. */
const index = (tx: Transaction, organization: string) =>
  tx`update tenancy.lead_texts set trigrams = tenancy.to_trigrams(organization_id, text)
    where organization_id = ${organization}`

const search = (tx: Transaction, cast: Cast, query: string | null, actor: Actor = 'mia', limit = 100) =>
  ask(tx, cast, actor, (tx) => tx`search_leads(${query}, ${limit})`)

const namesFor = async (tx: Transaction, cast: Cast, query: string, actor: Actor = 'mia'): Promise<string[]> =>
  (await search(tx, cast, query, actor)).leads.map((lead: Lead) => lead.first_name)

/** Runs a story twice: with leads that only their texts tell of, and with leads that are in the index. */
const eitherWay =
  (story: (tx: Transaction, cast: Cast, settle: () => Promise<unknown>) => Promise<void>) => async () => {
    for (const settle of [() => Promise.resolve(), undefined]) {
      await inTransaction(async (tx) => {
        const cast = await stage(tx)
        await story(tx, cast, settle ?? (() => index(tx, cast.acme)))
      })
    }
  }

describe('a search', () => {
  const people: Lead[] = [
    { first_name: 'Iris', last_name: "O'Brien", company: 'Blue Sky, Inc.', email: 'iris@bluesky.test' },
    { first_name: 'José', last_name: 'Muñoz-Große', company: 'Ørsted', phone_number: '+45 (33) 95-51-00' },
    { first_name: 'Vera', company: '100% Pure_Water \\ Co', phone_number: '555.0199 x7' },
    { first_name: 'Dana', company: '24/7 Fitness', email: 'front.desk@247.test', phone_number: '+14155550123' },
    { first_name: 'Юлия', last_name: 'Ёлкина', company: '株式会社ひかり' },
    { first_name: 'נועה', last_name: 'כהן' },
    { first_name: 'None' },
  ]

  const found: [query: string, names: string[]][] = [
    ['iris', ['Iris']],
    ['RIS', ['Iris']],
    ["o'br", ['Iris']],
    ['sky, i', ['Iris']],
    ['bluesky.test', ['Iris']],
    ['blue iris', ['Iris']],
    ['iris vera', []],
    ['jose', ['José']],
    ['JOSÉ', ['José']],
    ['jose\u0301', ['José']],
    ['munoz', ['José']],
    ['grosse', ['José']],
    ['GROẞE', ['José']],
    ['orsted', ['José']],
    ['3395', ['José']],
    ['+45 33 95 51 00', ['José']],
    ['(339)551', ['José']],
    ['5550199', ['Vera']],
    ['0199 x7', ['Vera']],
    ['24/7', ['Dana']],
    ['24/7 fit', ['Dana']],
    ['415 555-0123', ['Dana']],
    ['４１５', ['Dana']],
    ['юлия', ['Юлия']],
    ['ЮЛИЯ елкина', ['Юлия']],
    ['株式会社', ['Юлия']],
    ['式会', []],
    ['כהן', ['נועה']],
    ['\u202eכהן\u202c', ['נועה']],
    ['100%', ['Vera']],
    ['1%0', []],
    ['%%%', []],
    ['pure_water', ['Vera']],
    ['pure.water', []],
    ['___', []],
    ['\\ co', ['Vera']],
    ['\\\\\\', []],
    ['...', []],
    ['ir', ['Iris']],
    ['ri', []],
    ["'; drop table leads; --", []],
  ]

  it(
    'finds any part of a name, a company, an e-mail or a number',
    eitherWay(async (tx, cast, settle) => {
      await insert(tx, cast.acme, people)
      await settle()
      for (const [query, names] of found) expect(await namesFor(tx, cast, query), query).toEqual(names)
    }),
  )

  it.each([
    ['nothing', ''],
    ['no value', null],
    ['spaces', '  \t\n '],
    ['one character', 'a'],
    ['single characters', 'a b c'],
    ['one digit and more', '(4'],
    ['what nobody sees', '\u200b\u202e\u2066'],
    ['1,000 characters', 'a'.repeat(1000)],
    ['101 characters', 'a'.repeat(101)],
  ])('for %s is refused', (_, query) =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      expect(await search(tx, cast, query)).toBe('validation_failed')
      expect(await search(tx, cast, 'a'.repeat(100))).toEqual({ leads: [], next_cursor: null })
    }))

  it('has no page after what is no cursor', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (const cursor of ['', 'x', '4x', '1', '1x', `0${'x'.repeat(20)}`, '1NjY2OjY2Ng', '%00']) {
        const answer = await ask(tx, cast, 'mia', (tx) => tx`search_leads('iris', 5, ${cursor})`)
        expect(answer, cursor).toBe('validation_failed')
      }
    }))

  it('has pages of 1 to 100', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      for (const limit of [0, -1, 101, null]) {
        expect(await ask(tx, cast, 'mia', (tx) => tx`search_leads('iris', ${limit})`)).toBe('validation_failed')
      }
    }))

  it(
    'has whole words first, then beginnings of words, then the rest; of each the newest',
    eitherWay(
      async (tx, cast, settle) => {
        await insert(tx, cast.acme, [
          { first_name: 'Joanna', created_at: '2026-05-01' },
          { first_name: 'Anna', last_name: 'Old', created_at: '2026-01-01' },
          { first_name: 'Annabel', created_at: '2026-03-01' },
          { first_name: 'Anna', last_name: 'New', created_at: '2026-02-01' },
          { first_name: 'Hannah', created_at: 'infinity' },
          { first_name: 'Susanna', created_at: '-infinity' },
          { first_name: 'Annalena', created_at: '2026-04-01' },
        ])
        await settle()
        expect(await namesFor(tx, cast, 'anna'))
          .toEqual(['Anna', 'Anna', 'Annalena', 'Annabel', 'Hannah', 'Joanna', 'Susanna'])
        expect((await search(tx, cast, 'anna')).leads.slice(0, 2).map((lead: Lead) => lead.last_name))
          .toEqual(['New', 'Old'])
      },
    ),
  )

  it('answers whole rows, as the table has them', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [people[0]!])
      const [row] = await tx`select to_jsonb(l) as lead from leads as l where organization_id = ${cast.acme}`
      expect(await search(tx, cast, 'iris')).toEqual({ leads: [row?.lead], next_cursor: null })
    }))
})

describe('pages of a search', () => {
  // Few and many match, early and late, in every rank: each way through tenancy.match_leads() has its turn.
  const names = ['Anna', 'Annabel', 'Joanna', 'Zoe']
  const leads = (count: number): Required<Pick<Lead, 'id' | 'first_name' | 'last_name' | 'created_at'>>[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `00000000-0000-4000-8000-${String((n * 7919) % 100_000).padStart(12, '0')}`,
      first_name: names[n % 97 === 0 ? 0 : n % 89 === 1 ? 1 : n < count / 2 ? 2 : n % 5 === 0 ? 2 : 3]!,
      last_name: n % 150 === 9 ? 'Rare' : n % 151 === 9 ? 'Rarely' : n % 3 === 0 ? 'Frequent' : 'Unrared',
      // Several at one moment: then the id decides.
      created_at: new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 3) * 1000),
    }))

  /** The list by its definition. */
  const listFor = (all: Lead[], word: string): string[] => {
    const rank = ({ first_name, last_name }: Lead) => {
      const text = ` ${first_name} ${last_name} `.toLowerCase()
      return text.includes(` ${word} `) ? 1 : text.includes(` ${word}`) ? 2 : text.includes(word) ? 3 : 0
    }
    const key = (lead: Lead) => Number(lead.created_at)
    return all.filter((lead) => rank(lead) > 0)
      .sort((a, b) => rank(a) - rank(b) || key(b) - key(a) || (b.id! > a.id! ? 1 : -1))
      .map(({ id }) => id!)
  }

  it.each([['anna', 1], ['anna', 4], ['rare', 1], ['rare', 3], ['frequent', 50], ['zoe', 1], ['nobody', 1]] as const)(
    'for %j, %i at a time, are the whole list once, in its order',
    { timeout: 60_000 },
    (word, limit) =>
      eitherWay(async (tx, cast, settle) => {
        const all = leads(900)
        await insert(tx, cast.acme, all)
        await insert(tx, cast.globex, all.map((lead) => ({ ...lead, id: crypto.randomUUID() })))
        await settle()
        const expected = listFor(all, word)
        const seen: string[] = []
        let cursor: string | null = null
        do {
          const page = await ask(tx, cast, 'mia', (tx) => tx`search_leads(${word}, ${limit}, ${cursor})`)
          expect(page.leads.length).toBeLessThanOrEqual(limit)
          seen.push(...page.leads.map((lead: Lead) => lead.id))
          cursor = page.next_cursor
          // The end of a long list is like its middle.
        } while (cursor !== null && seen.length < 30 * limit)
        expect(seen).toEqual(cursor === null ? expected : expected.slice(0, seen.length))
      })(),
  )

  it('stay where they are while leads come and go', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [1, 2, 3].map((day) => ({ first_name: 'Iris', created_at: `2026-01-0${day}` })))
      const first = await search(tx, cast, 'iris', 'mia', 1)
      await tx`delete from leads where id = ${first.leads[0].id}`
      await insert(tx, cast.acme, [{ first_name: 'Iris', created_at: '2026-02-01' }])
      const rest = await ask(tx, cast, 'mia', (tx) => tx`search_leads('iris', 5, ${first.next_cursor})`)
      expect(rest.leads.map((lead: Lead) => String(lead.created_at).slice(0, 10))).toEqual(['2026-01-02', '2026-01-01'])
    }))
})

describe('another organization', () => {
  it('has no part in what is found, how it is ranked, and where pages end', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [1, 2, 3].map((day) => ({ first_name: 'Iris', created_at: `2026-01-0${day}` })))
      await index(tx, cast.acme)
      const alone = await search(tx, cast, 'iris', 'mia', 2)
      expect(alone.leads).toHaveLength(2)
      await insert(tx, cast.globex, Array.from({ length: 300 }, () => ({ first_name: 'Iris' })))
      expect(await search(tx, cast, 'iris', 'mia', 2)).toEqual(alone)
      await index(tx, cast.globex)
      expect(await search(tx, cast, 'iris', 'mia', 2)).toEqual(alone)
      expect((await search(tx, cast, 'iris', 'bob')).leads).toHaveLength(100)
    }))

  it('has trigrams of its own, and would not be found by shared ones either', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [{ first_name: 'Iris' }])
      await insert(tx, cast.globex, [{ first_name: 'Iris' }])
      await index(tx, cast.acme)
      await index(tx, cast.globex)
      const [shared] = await tx`select count(*)::int as n from tenancy.lead_texts as a
        join tenancy.lead_texts as g on g.trigrams && a.trigrams
        where a.organization_id = ${cast.acme} and g.organization_id = ${cast.globex}`
      expect(shared?.n).toBe(0)
      await tx`update tenancy.lead_texts set trigrams = tenancy.to_trigrams(${cast.acme}, text)
        where organization_id = ${cast.globex}`
      const matched = await tx`select * from tenancy.match_leads(
        ${cast.acme}, '{iris}', 1, 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 100)`
      expect(matched).toHaveLength(1)
      expect((await search(tx, cast, 'iris')).leads).toMatchObject([{ organization_id: cast.acme }])
    }))

  it('keeps its rows even where a text says that one is elsewhere: rows are read by the caller', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [{ first_name: 'Iris' }])
      await insert(tx, cast.globex, [{ first_name: 'Iris' }])
      await tx`insert into tenancy.lead_texts (organization_id, listed_at, lead_id, text)
        select ${cast.acme}, listed_at, lead_id, text from tenancy.lead_texts where organization_id = ${cast.globex}`
      expect((await search(tx, cast, 'iris')).leads).toMatchObject([{ organization_id: cast.acme }])
    }))

  it('answers by header as by choice, and to nobody else', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [{ first_name: 'Iris' }])
      const byHeader = (actor: Actor, organization?: string) =>
        as(tx, cast, actor, (tx) => tx`select search_leads('iris') as answer`, { organization })
          .then(({ rows, refused }) => refused ? refused.code || refused.state : rows[0]?.answer.leads.length)
      for (const member of ['alice', 'adam', 'mona', 'mia'] as const) {
        expect(await byHeader(member), member).toBe(1)
        expect(await byHeader(member, cast.acme), member).toBe(1)
      }
      expect(await byHeader('bob')).toBe(0)
      expect(await byHeader('bob', cast.acme)).toBe('not_found')
      expect(await byHeader('bob', crypto.randomUUID())).toBe('not_found')
      expect(await byHeader('eve', cast.acme)).toBe('not_found')
      expect(await byHeader('eve')).toBe('organization_required')
      expect(await byHeader('anon')).toBe('42501')
      expect(await byHeader('mia', 'acme')).toBe('invalid_header')
      await tx`update organizations set subscription_status = 'suspended' where id = ${cast.acme}`
      expect(await byHeader('mia')).toBe(1)
      await tx`update organization_users set suspended_at = now() where user_id = ${cast.users.mia}`
      expect(await byHeader('mia', cast.acme)).toBe('not_found')
      await tx`update organizations set deleted_at = now() where id = ${cast.acme}`
      expect(await byHeader('alice', cast.acme)).toBe('not_found')
    }))

  it.each(['mia', 'bob', 'alice'] as const)(
    'is not to be read or searched past the entry point, by %s',
    (actor) =>
      inTransaction(async (tx) => {
        const cast = await stage(tx)
        await insert(tx, cast.acme, [{ first_name: 'Iris' }])
        const statements = [
          (tx: Transaction) => tx`select text from tenancy.lead_texts`,
          (tx: Transaction) =>
            tx`select * from tenancy.match_leads(${cast.acme}, '{iris}', 1, 'infinity', ${cast.acme}, 9)`,
          (tx: Transaction) => tx`select tenancy.index_leads()`,
        ]
        for (const statement of statements) {
          expect((await as(tx, cast, actor, statement)).refused?.state).toBe('42501')
        }
      }),
  )
})

describe('the text of a lead', () => {
  const textsOf = (tx: Transaction, organization: string) =>
    tx`select trim(text) as text, trigrams is not null as indexed from tenancy.lead_texts
      where organization_id = ${organization} order by text`.then((rows) => [...rows])

  it(
    'follows its row: changed, moved in time, deleted',
    eitherWay(async (tx, cast, settle) => {
      await insert(tx, cast.acme, [{ first_name: 'Iris', phone_number: '+1 5' }, {
        first_name: 'Vera',
        phone_number: '2',
      }])
      await settle()
      const change = (set: Lead, name: string) =>
        as(tx, cast, 'mona', (tx) => tx`update leads set ${tx(set)} where first_name = ${name}`)
      expect((await change({ company: 'Émile' }, 'Iris')).count).toBe(1)
      expect(await namesFor(tx, cast, 'emile')).toEqual(['Iris'])
      await change({ first_name: 'Nora' }, 'Iris')
      expect(await namesFor(tx, cast, 'iris')).toEqual([])
      expect(await namesFor(tx, cast, 'nora')).toEqual(['Nora'])
      await change({ created_at: new Date(0) }, 'Nora')
      expect(await textsOf(tx, cast.acme)).toMatchObject([{ text: 'nora émile 15'.replace('é', 'e') }, {
        text: 'vera 2',
      }])
      expect((await as(tx, cast, 'mona', (tx) => tx`delete from leads where first_name = 'Nora'`)).count).toBe(1)
      expect(await textsOf(tx, cast.acme)).toMatchObject([{ text: 'vera 2' }])
    }),
  )

  it('is indexed anew only when it has changed', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [{ first_name: 'Iris' }])
      await index(tx, cast.acme)
      await as(tx, cast, 'mona', (tx) => tx`update leads set notes = 'x', phone_number = '1'`)
      expect(await textsOf(tx, cast.acme)).toEqual([{ text: 'iris 1', indexed: true }])
      await as(tx, cast, 'mona', (tx) => tx`update leads set last_name = 'May'`)
      expect(await textsOf(tx, cast.acme)).toEqual([{ text: 'iris may 1', indexed: false }])
    }))

  it('is there for rows that come by an upsert, and not for those that were refused', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const id = crypto.randomUUID()
      const upsert = (first_name: string) =>
        as(
          tx,
          cast,
          'mona',
          (tx) =>
            tx`insert into leads (id, phone_number, first_name) values (${id}, '1', ${first_name})
            on conflict (id) do update set first_name = excluded.first_name`,
        )
      await upsert('Iris')
      await upsert('Nora')
      expect(await textsOf(tx, cast.acme)).toMatchObject([{ text: 'nora 1' }])
      const refused = await as(tx, cast, 'mona', (tx) => tx`insert into leads (phone_number) values ('2'), ('')`)
      expect(refused.refused?.state).toBe('23514')
      expect(await textsOf(tx, cast.acme)).toHaveLength(1)
    }))

  it('stays small, whatever a company calls itself', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      const long = 'word '.repeat(200_000)
      await insert(tx, cast.acme, [{ first_name: long, last_name: long, company: `${'x'.repeat(199)}yz` }])
      const [row] = await tx`select length(text) as length from tenancy.lead_texts where organization_id = ${cast.acme}`
      expect(row?.length).toBeLessThan(1000)
      expect((await search(tx, cast, `${'x'.repeat(90)}y`)).leads).toHaveLength(1)
    }))

  it('goes with its organization', () =>
    inTransaction(async (tx) => {
      const cast = await stage(tx)
      await insert(tx, cast.acme, [{ first_name: 'Iris' }])
      await insert(tx, cast.globex, [{ first_name: 'Iris' }])
      const gone = await attempt(tx, (tx) => tx`delete from leads where organization_id = ${cast.acme}`)
      expect(gone.count).toBe(1)
      expect(await textsOf(tx, cast.acme)).toEqual([])
      expect(await textsOf(tx, cast.globex)).toHaveLength(1)
    }))
})

describe('in a database of its own', () => {
  it(
    'a matrix that lets fewer people read lets fewer search, and a table that is emptied leaves no texts',
    { timeout: 120_000 },
    () =>
      withMigrated(async (database) => {
        expect(await database`select command from tenancy.jobs where name = 'tenancy-index-leads'`)
          .toEqual([{ command: 'select tenancy.index_leads()' }])

        await database`select tenancy.protect('public.leads', 'manager', 'member', 'manager', 'manager')`
        await database.begin(async (tx) => {
          const cast = await stage(tx)
          await insert(tx, cast.acme, [{ first_name: 'Iris' }])
          expect(await namesFor(tx, cast, 'iris', 'mona')).toEqual(['Iris'])
          expect(await search(tx, cast, 'iris', 'mia')).toBe('forbidden')
        })

        await database`truncate leads cascade`
        expect(await database`select lead_id from tenancy.lead_texts`).toEqual([])
      }),
  )
})
