/** A way in which one company's rows could show in another's answers. */
export interface Channel {
  name: string
  /** `closed`: nothing shows. `known`: what the text says shows, and nothing else. */
  state: 'closed' | 'known'
  text: string
}

/**
 * Every channel between two companies that somebody thought of. Each is tried in tests/laws/support/channels.ts, which
 * proves a closed one closed, and a known one to be no wider than it is published here.
 */
export const channels = [
  {
    name: 'planner estimates',
    state: 'closed',
    text:
      'Prefer: count=planned and count=estimated are refused in every spelling, also when the header comes twice: the ' +
      'planner counts rows of all companies.',
  },
  {
    name: 'query plans',
    state: 'closed',
    text: 'Accept: application/vnd.pgrst.plan is refused.',
  },
  {
    name: 'unique keys',
    state: 'closed',
    text:
      'Whatever must be unique is unique within a company. The policy answers before the index does, so a row for another ' +
      'company is refused in the same words whether its number, address or pair is taken there or not.',
  },
  {
    name: 'foreign keys',
    state: 'closed',
    text: 'A reference to another company’s row is refused in the words for a row that is nowhere; so is a person.',
  },
  {
    name: 'sequences',
    state: 'closed',
    text: 'No table of the API numbers its rows, and no client may read or advance a sequence.',
  },
  {
    name: 'error texts',
    state: 'closed',
    text:
      'Refusals name rules and tables, never values or rows; an expression that fails on a value fails on one’s own rows ' +
      'only.',
  },
  {
    name: 'refusals by policies',
    state: 'closed',
    text:
      'A policy is asked when the first row fits the filters, whosever it is, so a refusal by a policy would tell that some ' +
      'row fits. What policies refuse is refused before any row is looked at: a malformed x-organization-id, and a write without ' +
      'an organization, with a foreign one, in a suspended one or by a closed account.',
  },
  {
    name: 'RPC hints',
    state: 'closed',
    text:
      'What is suggested for a misspelt function comes from the catalog of the API, never from rows, and never names the ' +
      'engine.',
  },
  {
    name: 'embedded resources',
    state: 'closed',
    text:
      'Policies hold for embedded tables as for others, at every depth, inner, left and spread, and for filters on them.',
  },
  {
    name: 'the organization header',
    state: 'closed',
    text: 'x-organization-id with another company’s id is answered as with an id that is nobody’s.',
  },
  {
    name: 'ids in paths and arguments',
    state: 'closed',
    text: 'Functions and RPCs answer for another company’s organizations, people and invitations as for random ids.',
  },
  {
    name: 'invited addresses',
    state: 'closed',
    text: 'An invitation is answered alike whether or not its address has an account or an invitation elsewhere.',
  },
  {
    name: 'busy recipients',
    state: 'known',
    text:
      'An address gets five invitations an hour, whoever sends them: the sixth is refused with rate_limited. It says that ' +
      'others have just written there, not who they are.',
  },
  {
    name: 'primary keys',
    state: 'known',
    text:
      'Inserting a row with an id that another company’s row has is refused: 409 for a plain insert, 403 for PUT and ' +
      'merge-duplicates, no row for ignore-duplicates. Who already knows a random 122-bit id learns that it is in use in that ' +
      'table; not by whom, and nothing of the row.',
  },
  {
    name: 'slugs',
    state: 'known',
    text:
      'A slug is one company’s: asking for one that is taken answers slug_taken, and a name whose slug is taken gets one ' +
      'with a random ending. It says that some organization has the slug, not which.',
  },
  {
    name: 'verified domains',
    state: 'known',
    text:
      'An e-mail domain is one organization’s: whoever proves by its DNS that they hold it, and finds it taken, is told that ' +
      'another organization has verified it; not which. Claiming it without a proof tells nothing.',
  },
  {
    name: 'proven hosts',
    state: 'known',
    text:
      'A host is one organization’s: whoever proves by its DNS that they hold it, and finds it taken, is told that another ' +
      'organization has verified it; not which. Setting it without a proof tells nothing.',
  },
  {
    name: 'branding',
    state: 'known',
    text:
      'What an organization sets as its branding is for everybody: whoever asks by its slug or by its proven host is told what ' +
      'the product is called and looks like there, and nothing else of it. An organization without branding looks like one that ' +
      'does not exist.',
  },
  {
    name: 'order without order',
    state: 'known',
    text:
      'A list that was asked for without `order` comes in the order of the plan, which statistics of all companies decide. ' +
      'The rows are the same, and with an order that is total so is their order. Where several of one’s own ' +
      'rows are refused, by an expression or by different rules, it is the plan too that chooses which one the error is about.',
  },
  {
    name: 'wrong values for no row',
    state: 'known',
    text:
      'An update that comes to no row answers 200 or, where a value in its body is of the wrong type, 400: whether the value is ' +
      'looked at before a row is found is up to the plan, which statistics of all companies decide. Where it comes to a row, a ' +
      'wrong value is always refused.',
  },
  {
    name: 'upserts that show nothing',
    state: 'known',
    text:
      'An upsert (merge-duplicates or PUT) of a new row whose select has an embed with !inner that nothing fits answers 201 or 200: ' +
      'whether PostgREST asks how many rows were new after or before it adds them is up to the plan, which statistics of all ' +
      'companies decide. The row is written, and nothing shown, either way.',
  },
  {
    name: 'system columns',
    state: 'known',
    text:
      'select=ctid,xmin of one’s own rows tells on which page of the table they lie and in which transaction they were ' +
      'written: how much all companies together store and write. No row, no company and no time shows.',
  },
  {
    name: 'timing of lookups',
    state: 'known',
    text:
      'The companies share a machine, so answers are slower while others are busy. Asking for another company’s row takes ' +
      'as long as asking for one that is nowhere, as far as medians of many requests can tell.',
  },
  {
    name: 'planner estimates past the gateway',
    state: 'known',
    text:
      'PostgREST 12 obeys each of several Prefer headers but shows the database the last one only. A gateway that joins them ' +
      '(ours does) closes this; whoever reaches PostgREST itself can read estimates. Never expose it.',
  },
] as const satisfies readonly Channel[]

/** The name of a channel. */
export type ChannelName = (typeof channels)[number]['name']
