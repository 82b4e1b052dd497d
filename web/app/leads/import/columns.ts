import { type LeadField, NewLead } from '../../../../shared/contract/leads.ts'

/** What fields are called. */
export const fieldTitles: Record<LeadField, string> = {
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

const isField = (name: string): name is LeadField => Object.hasOwn(NewLead.shape, name)

export const fields: LeadField[] = Object.keys(NewLead.shape).filter(isField)

/** The field of a choice in a form; undefined for every other word. */
export const toField = (name: string): LeadField | undefined => isField(name) ? name : undefined

/** For each column of a file, the field that it is imported into; null: into none. */
export type Mapping = (LeadField | null)[]

// What other programs call these columns, without spaces and signs. The earlier name wins where several columns fit.
const names: Record<LeadField, string[]> = {
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

/** Which column is which, by their names; each field comes from one column. */
export function guessMapping(header: string[]): Mapping {
  const titles = header.map(plain)
  const mapping: Mapping = header.map(() => null)
  for (const field of fields) {
    const name = names[field].find((candidate) => titles.some((title, n) => title === candidate && !mapping[n]))
    const column = titles.findIndex((title, n) => title === name && !mapping[n])
    if (column >= 0) mapping[column] = field
  }
  return mapping
}

/** The same with one column changed: a field that another column had moves here. */
export const assign = (mapping: Mapping, column: number, field: LeadField | null): Mapping =>
  mapping.map((before, n) => n === column ? field : before === field ? null : before)

/** Whether the first row of a file is one of names: nothing in it looks like a number to call, or an address. */
export const looksLikeHeader = (row: string[]): boolean =>
  !row.some((cell) => /@.+\./.test(cell) || cell.replace(/\D/g, '').length >= 7)
