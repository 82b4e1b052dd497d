import fc from 'fast-check'
import { isProtectedTable } from '../../shared/roles.ts'
import { samples } from '../../tests/database/support/rows.ts'
import { toQuery, type Unsigned, windows } from './reading.ts'
import type { Schema } from './schema.ts'
import { filters, organizationHeader, selection } from './selecting.ts'
import { rowId, valueFor, weighted } from './values.ts'

type Row = Record<string, unknown>

const stamped = ['id', 'organization_id', 'user_id', 'created_at', 'updated_at', 'added_at', 'joined_at']

/** Ids for rows to come: never one that exists in one world only, because whether it is free is a known channel. */
const newId = fc.nat(5000).map((n) => `{new:${n}}`)

/** What a new row must say, with a text of its own where the table lets it. */
function least(table: string): fc.Arbitrary<Row> {
  if (!isProtectedTable(table)) return fc.constant({})
  const { row, parents = {} } = samples[table]
  const references = Object.fromEntries(Object.entries(parents).map(([column, parent]) => [column, rowId(parent)]))
  return fc.tuple(fc.nat(30), fc.record(references)).map(([n, parents]) => ({
    ...Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        /number/.test(column) ? `+155501${n + 10}` : /name$/.test(column) ? `${value} ${n}` : value,
      ]),
    ),
    ...parents,
  }))
}

/** Some of the columns that people fill in. */
function more(schema: Schema, table: string, most: number): fc.Arbitrary<Row> {
  const columns = (schema.tables[table] ?? []).filter(({ name }) => !stamped.includes(name))
  if (columns.length === 0) return fc.constant({})
  return fc.array(
    fc.constantFrom(...columns).chain((column) => fc.tuple(fc.constant(column.name), valueFor(schema, table, column))),
    {
      maxLength: most,
    },
  ).map((entries) => Object.fromEntries(entries))
}

/** The columns that the database fills in itself, said by the client; mostly left out. */
const claims = (schema: Schema, table: string): fc.Arbitrary<Row> =>
  weighted<Row>(
    [8, fc.constant({})],
    ...['organization_id', 'user_id'].map((name): [number, fc.Arbitrary<Row>] => [
      1,
      valueFor(schema, table, { name, type: 'uuid' }).map((value) => ({ [name]: value })),
    ]),
  )

const newRow = (schema: Schema, table: string): fc.Arbitrary<Row> =>
  fc.tuple(newId, least(table), more(schema, table, 2), claims(schema, table))
    .map(([id, ...parts]) => Object.assign({ id }, ...parts))

const preferences = fc.tuple(
  fc.constantFrom('return=representation', 'return=representation', 'return=minimal', 'return=headers-only'),
  weighted([14, fc.constant('')], [4, fc.constantFrom('count=exact', 'missing=default')], [
    1,
    fc.constantFrom('count=planned', 'tx=rollback'),
  ]),
).map((all) => all.filter(Boolean))

const pickKeys = (row: Row, like: Row = {}): Row => Object.fromEntries(Object.keys(like).map((key) => [key, row[key]]))

const toCsv = (rows: Row[]): string => {
  const columns = Object.keys(rows[0] ?? {})
  const cell = (value: unknown) => value === null ? 'NULL' : `"${String(value).replaceAll('"', '""')}"`
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))].join('\n')
}

/** A POST: one row or several, as JSON or CSV, plain or as an upsert. */
export function inserting(schema: Schema, table: string): fc.Arbitrary<Unsigned> {
  return fc.tuple(
    weighted([6, fc.constant(1)], [1, fc.constantFrom(2, 3, 0)]),
    fc.array(newRow(schema, table), { minLength: 3, maxLength: 3 }),
    preferences,
    weighted([4, fc.constant('')], [1, fc.constantFrom('resolution=merge-duplicates', 'resolution=ignore-duplicates')]),
    weighted([3, fc.constant('')], [
      1,
      fc.constantFrom('organization_id,phone_number', 'organization_id', 'id', 'name'),
    ]),
    weighted([12, fc.constant('json')], [6, fc.constantFrom('csv', 'columns', 'own id')], [1, fc.constant('broken')]),
    weighted([3, fc.constant<string[]>([])], [1, selection(schema, table)]),
    organizationHeader,
    fc.nat(5),
  ).map(([count, rows, [returned = '', ...prefer], resolution, conflict, form, select, organization, made]) => {
    // Of several rows all have the same keys, as the Data API asks.
    const sent = rows.slice(0, count).map((row) => pickKeys({ ...rows[0], ...row }, rows[0]))
    if (form === 'own id' && resolution) sent.forEach((row) => row.id = `{made:${table}:${made}}`)
    // The database makes ids only where the answer shows them: later requests can't tell the two worlds' apart.
    const anonymous = form === 'own id' && !resolution && count === 1 && returned === 'return=representation'
    if (anonymous) sent.forEach((row) => delete row.id)
    const query = [
      ...(anonymous ? [] : resolution ? outer(select) : select),
      ...(resolution && conflict ? [`on_conflict=${conflict}`] : []),
      ...(form === 'columns' ? [`columns=${Object.keys(sent[0] ?? { id: 0 }).join(',')}`] : []),
    ]
    const json = JSON.stringify(count === 1 ? sent[0] : sent)
    return {
      api: 'rest',
      method: 'POST',
      path: `/${table}${toQuery(query)}`,
      headers: {
        ...organization,
        'content-type': form === 'csv' ? 'text/csv' : 'application/json',
        prefer: [returned, resolution, ...prefer].filter(Boolean).join(','),
      },
      body: form === 'csv' ? toCsv(sent) : form === 'broken' ? json.slice(0, -1) : json,
      ordered: false,
    }
  })
}

/** What an upsert shows, without `!inner`: how it is answered where nothing fits an inner embed is a known channel. */
const outer = (select: string[]): string[] => select.map((text) => text.replaceAll('!inner', ''))

/** Leaves out values of the wrong type: whether they are looked at where no row is changed is a known channel. */
const wellTyped = (schema: Schema, table: string) => (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).filter(([name, value]) =>
      value !== 'nonsense' || schema.tables[table]?.find((column) => column.name === name)?.type === 'text'
    ),
  )

/** PATCH, PUT and DELETE, with filters and without. */
export function changing(schema: Schema, table: string): fc.Arbitrary<Unsigned> {
  return fc.tuple(
    weighted([5, fc.constant('PATCH')], [3, fc.constant('DELETE')], [1, fc.constant('PUT')]),
    weighted([5, rowId(table).map((id) => [`id=eq.${id}`])], [1, filters(schema, table, 2)]),
    fc.tuple(
      more(schema, table, 2).map(wellTyped(schema, table)),
      claims(schema, table).map(wellTyped(schema, table)),
      weighted([12, fc.constant({})], [1, rowId(table).map((id) => ({ id }))]),
    ),
    fc.tuple(newId, least(table)),
    preferences,
    weighted([15, fc.constant('')], [1, fc.constant('handling=strict,max-affected=1')]),
    weighted([3, fc.constant<string[]>([])], [1, selection(schema, table)]),
    weighted([8, fc.constant(undefined)], [1, windows(schema, table)]),
    organizationHeader,
  ).map(([method, where, [changes, claimed, moved], [id, row], prefer, affected, select, window, organization]) => {
    const put = method === 'PUT'
    const query = [
      ...(put ? [`id=eq.${id}`, ...outer(select)] : [...where, ...select]),
      ...(window && !put ? window.query : []),
    ]
    // Of several rows that break several rules, the plan chooses which is refused first (allowed-differences.ts).
    const isOneRow = where.length === 1 && where[0]?.startsWith('id=eq.')
    const one = [moved, claimed].find((row) => Object.keys(row).length > 0) ?? changes
    const changed = isOneRow ? { ...changes, ...claimed, ...moved } : one
    return {
      api: 'rest',
      method,
      path: `/${table}${toQuery(query)}`,
      headers: {
        ...organization,
        ...(method === 'DELETE' ? {} : { 'content-type': 'application/json' }),
        prefer: [...prefer, affected].filter(Boolean).join(','),
      },
      ...(method === 'DELETE' ? {} : { body: JSON.stringify(put ? { ...row, ...changes, id } : changed) }),
      ordered: false,
    }
  })
}
