/**
 * Writes demo/leads.csv: 1,000 invented people to call, the same file on every run.
 *
 * Numbers come from +1 NXX 555 0100 to 0199, which the North American Numbering Plan reserves for fiction; addresses
 * from example.com and .test, which RFC 2606 reserves. Nobody can be reached by this list.
 *
 * @example
 * deno run -A demo/generate_leads.ts
 */

const LEADS = 1_000
const FICTIONAL_LINES_PER_AREA = 100

const PLACES = [
  { area: '201', city: 'Jersey City', state: 'NJ', zip: '07302', timezone: 'America/New_York' },
  { area: '202', city: 'Washington', state: 'DC', zip: '20005', timezone: 'America/New_York' },
  { area: '206', city: 'Seattle', state: 'WA', zip: '98101', timezone: 'America/Los_Angeles' },
  { area: '213', city: 'Los Angeles', state: 'CA', zip: '90013', timezone: 'America/Los_Angeles' },
  { area: '214', city: 'Dallas', state: 'TX', zip: '75201', timezone: 'America/Chicago' },
  { area: '216', city: 'Cleveland', state: 'OH', zip: '44114', timezone: 'America/New_York' },
  { area: '303', city: 'Denver', state: 'CO', zip: '80202', timezone: 'America/Denver' },
  { area: '305', city: 'Miami', state: 'FL', zip: '33130', timezone: 'America/New_York' },
  { area: '312', city: 'Chicago', state: 'IL', zip: '60602', timezone: 'America/Chicago' },
  { area: '313', city: 'Detroit', state: 'MI', zip: '48226', timezone: 'America/Detroit' },
  { area: '404', city: 'Atlanta', state: 'GA', zip: '30303', timezone: 'America/New_York' },
  { area: '415', city: 'San Francisco', state: 'CA', zip: '94103', timezone: 'America/Los_Angeles' },
  { area: '503', city: 'Portland', state: 'OR', zip: '97205', timezone: 'America/Los_Angeles' },
  { area: '504', city: 'New Orleans', state: 'LA', zip: '70112', timezone: 'America/Chicago' },
  { area: '505', city: 'Española', state: 'NM', zip: '87532', timezone: 'America/Denver' },
  { area: '512', city: 'Austin', state: 'TX', zip: '78701', timezone: 'America/Chicago' },
  { area: '602', city: 'Phoenix', state: 'AZ', zip: '85004', timezone: 'America/Phoenix' },
  { area: '612', city: 'Minneapolis', state: 'MN', zip: '55402', timezone: 'America/Chicago' },
  { area: '615', city: 'Nashville', state: 'TN', zip: '37203', timezone: 'America/Chicago' },
  { area: '617', city: 'Boston', state: 'MA', zip: '02108', timezone: 'America/New_York' },
  { area: '702', city: 'Las Vegas', state: 'NV', zip: '89101', timezone: 'America/Los_Angeles' },
  { area: '704', city: 'Charlotte', state: 'NC', zip: '28202', timezone: 'America/New_York' },
  { area: '801', city: 'Salt Lake City', state: 'UT', zip: '84111', timezone: 'America/Denver' },
  { area: '808', city: 'Honolulu', state: 'HI', zip: '96813', timezone: 'Pacific/Honolulu' },
  { area: '907', city: 'Anchorage', state: 'AK', zip: '99501', timezone: 'America/Anchorage' },
]
const FIRST_NAMES =
  ('Aaliyah,Amélie,Andre,Ángel,Beatriz,Björn,Brianna,Carlos,Chloë,Daniela,Darnell,Elif,Emily,Fatima,' +
    'François,Grace,Hannah,Hiroshi,Imani,Jacob,Jamal,José,Joshua,Kateřina,Keisha,Lakshmi,Liam,Łukasz,María,Mateo,Megan,' +
    'Mei,Michael,Noah,Olivia,Priya,Rashid,Renée,Samuel,Siobhán,Sofía,Søren,Thảo,Tyrone,Valentina,Wei,Yusuf,Zoë').split(
      ',',
    )
const LAST_NAMES =
  ("Abara,Allen,Bauer,Begum,Brown,Castañeda,Chen,Clark,D'Angelo,Davis,Díaz,Edwards,Fernández,Fitzgerald," +
    'García,Goldberg,Gonçalves,Hall,Hoàng,Ibrahim,Jackson,Johansson,Jørgensen,Kim,Kowalczyk,Lee,López,Martínez,Miller,' +
    "Müller,Nakamura,Nguyễn,Novák,Núñez,O'Brien,Okafor,Patel,Peña,Reyes,Robinson,Sánchez,Scott,Singh,Smith,Taylor," +
    'Tremblay,Williams,Yılmaz,Young,Zhang').split(',')
const COMPANIES = [
  { name: 'Acorn & Oak Realty', domain: 'acornoak.test' },
  { name: 'Blue Heron Solar, LLC', domain: 'blueheron.test' },
  { name: 'Café Olé', domain: 'cafeole.test' },
  { name: 'Castañeda Brothers, Inc.', domain: 'castaneda.test' },
  { name: 'Dr. Patel, DDS', domain: 'pateldental.test' },
  { name: 'Evergreen Roofing', domain: 'evergreenroofing.test' },
  { name: 'Harbor Freight Brokers, Ltd.', domain: 'harborbrokers.test' },
  { name: 'Joe "The Plumber" Novák', domain: 'novakplumbing.test' },
  { name: 'Lakeside Insurance Group', domain: 'lakeside.test' },
  { name: 'Müller Maschinenbau', domain: 'mueller.test' },
  { name: 'Northstar Fitness', domain: 'northstar.test' },
  { name: 'The "Original" Pie Company', domain: 'originalpie.test' },
]
const SOURCES = ['webinar', 'trade show', 'website', 'referral', 'purchased list', 'partner', 'inbound call']
const NOTES = [
  'Asked for a call after 4 pm',
  'Prefers text, not calls',
  'Said: "call me next quarter"',
  'Has a contract until May, then open',
  'Speaks Spanish, some English',
  'Met in Montréal; wants the "large" plan',
  'Two locations, one decision maker',
  'Budget approved, waiting for legal',
]
const COLUMNS = [
  'phone_number',
  'first_name',
  'last_name',
  'email',
  'company',
  'city',
  'state',
  'zip_code',
  'timezone',
  'lead_source',
  'notes',
] as const
type Lead = Record<typeof COLUMNS[number], string>

/** Mulberry32: a small generator of numbers in [0, 1) that gives the same sequence for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const random = createRandom(20_260_108)
const chance = (share: number): boolean => random() < share

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** Letters that do not come apart into a base letter and an accent. */
const WHOLE_LETTERS: Record<string, string> = { ł: 'l', ø: 'o', ı: 'i' }

function toMailbox(firstName: string, lastName: string): string {
  return `${firstName}.${lastName}`.toLowerCase().normalize('NFD')
    .replace(/[łøı]/g, (letter) => WHOLE_LETTERS[letter] ?? letter)
    .replace(/[^a-z.]/g, '')
}

function createLead(phoneNumber: string, place: typeof PLACES[number]): Lead {
  const [firstName, lastName] = [pick(FIRST_NAMES), pick(LAST_NAMES)]
  const company = chance(0.6) ? pick(COMPANIES) : undefined
  return {
    phone_number: phoneNumber,
    first_name: firstName,
    last_name: lastName,
    email: chance(0.85) ? `${toMailbox(firstName, lastName)}@${company?.domain ?? 'example.com'}` : '',
    company: company?.name ?? '',
    city: place.city,
    state: place.state,
    zip_code: place.zip,
    timezone: place.timezone,
    lead_source: pick(SOURCES),
    notes: chance(0.3) ? pick(NOTES) : '',
  }
}

/** A number can be drawn once, so the list has no duplicates. */
function createLeads(): Lead[] {
  const unused = PLACES.flatMap((place) =>
    Array.from({ length: FICTIONAL_LINES_PER_AREA }, (_, line) => ({ line: 100 + line, place }))
  )
  return Array.from({ length: LEADS }, () => {
    const [drawn] = unused.splice(Math.floor(random() * unused.length), 1)
    if (!drawn) throw new RangeError('no fictional numbers left: add places')
    return createLead(`+1${drawn.place.area}5550${drawn.line}`, drawn.place)
  })
}

/** RFC 4180: a field with a comma, a quote or a line break is quoted, and its quotes are doubled. */
const toField = (text: string): string => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const lines = [
  COLUMNS.join(','),
  ...createLeads().map((lead) => COLUMNS.map((column) => toField(lead[column])).join(',')),
]
await Deno.writeTextFile(new URL('./leads.csv', import.meta.url), lines.join('\n') + '\n')
