import type { LeadField } from '../../../../shared/contract/lead-fields.ts'
import { type LeadColumn, NewLead } from '../../../../shared/contract/leads.ts'

/** What columns of leads are called. */
export const columnTitles: Record<LeadColumn, string> = {
  phone_number: 'Phone number',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'E-mail address',
  company: 'Company',
  address: 'Address',
  city: 'City',
  state: 'State',
  zip_code: 'Postal code',
  timezone: 'Time zone',
  lead_source: 'Source',
  notes: 'Notes',
}

const isColumn = (name: string): name is LeadColumn => Object.hasOwn(NewLead.shape, name)

const columns: LeadColumn[] = Object.keys(NewLead.shape).filter(isColumn)

/** What a column of a file can become: a column of leads, or a field of the organization. */
export type Target = LeadColumn | `custom_fields.${string}`

/** The target of a field of the organization. */
export const customTarget = ({ key }: LeadField): Target => `custom_fields.${key}`

/** Every target, and what it is called. */
export const targetsOf = (fields: LeadField[]): { target: Target; title: string }[] => [
  ...columns.map((target) => ({ target, title: columnTitles[target] })),
  ...fields.map((field) => ({ target: customTarget(field), title: field.label })),
]

/** For each column of a file, what it is imported into; null: into nothing. */
export type Mapping = (Target | null)[]

// What other programs call these columns, without spaces and signs. The earlier name wins where several columns fit.
const names: Record<LeadColumn, string[]> = {
  phone_number: [
    ...['phonenumber', 'phone', 'mobilephone', 'mobilenumber', 'mobile', 'cellphone', 'cell', 'telephonenumber'],
    ...['telephone', 'tel', 'number', 'workphone', 'homephone', 'primaryphone', 'phone1', 'telefonnummer', 'telefon'],
    ...['rufnummer', 'handynummer', 'handy', 'telefono', 'celular', 'numero', 'movil'],
  ],
  first_name: ['firstname', 'givenname', 'forename', 'first', 'vorname', 'nombre', 'prenom'],
  last_name: ['lastname', 'surname', 'familyname', 'last', 'nachname', 'familienname', 'apellido', 'apellidos', 'nom'],
  email: ['email', 'emailaddress', 'mail', 'workemail', 'email1', 'correo', 'correoelectronico'],
  company: ['company', 'companyname', 'organization', 'organisation', 'account', 'employer', 'firma', 'empresa'],
  address: ['address', 'streetaddress', 'street', 'address1', 'addressline1', 'strasse', 'direccion', 'adresse'],
  city: ['city', 'town', 'ort', 'stadt', 'ciudad', 'ville'],
  state: ['state', 'province', 'region', 'stateprovince', 'bundesland', 'provincia', 'estado'],
  zip_code: ['zipcode', 'zip', 'postalcode', 'postcode', 'plz', 'postleitzahl', 'codigopostal', 'codepostal'],
  timezone: ['timezone', 'tz', 'zeitzone'],
  lead_source: ['leadsource', 'source', 'origin', 'campaign', 'quelle', 'fuente'],
  notes: ['notes', 'note', 'comments', 'comment', 'remarks', 'description', 'notizen', 'bemerkung', 'notas'],
}

const plain = (title: string): string =>
  title.normalize('NFKD').replaceAll('ß', 'ss').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()

/**
 * Which column is which, by their names; each target comes from one column. A field of the organization has the name that
 * it was given there, before what other programs may mean by it.
 */
export function guessMapping(header: string[], fields: LeadField[] = []): Mapping {
  const titles = header.map(plain)
  const mapping: Mapping = header.map(() => null)
  const own = columns.map(plain)
  const candidates: [Target, string[]][] = [
    ...fields.map((field): [Target, string[]] => [
      customTarget(field),
      [plain(field.label), plain(field.key)].filter((name) => name !== '' && !own.includes(name)),
    ]),
    ...columns.map((column): [Target, string[]] => [column, names[column]]),
  ]
  for (const [target, known] of candidates) {
    const name = known.find((candidate) => titles.some((title, n) => title === candidate && !mapping[n]))
    const at = titles.findIndex((title, n) => title === name && !mapping[n])
    if (at >= 0) mapping[at] = target
  }
  return mapping
}

/** The same with one column changed: a target that another column had moves here. */
export const assign = (mapping: Mapping, column: number, target: Target | null): Mapping =>
  mapping.map((before, n) => n === column ? target : before === target ? null : before)

/** Whether the first row of a file is one of names: nothing in it looks like a number to call, or an address. */
export const looksLikeHeader = (row: string[]): boolean =>
  !row.some((cell) => /@.+\./.test(cell) || cell.replace(/\D/g, '').length >= 7)
