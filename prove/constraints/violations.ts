import type { Rule } from './rules.ts'

/** A row by its columns. */
export type Row = Record<string, unknown>

/** What a rule about one column must refuse, by what its name says of that column. */
const sentences: [says: RegExp, wrong: (match: RegExpMatchArray) => unknown[]][] = [
  [/^is_not_empty$/, () => ['', ' ']],
  [/^is_known$/, () => ['never heard of']],
  [/^is_positive$/, () => [0, -1]],
  [/^is_not_negative$/, () => [-1]],
  [/^is_at_most_(\d+)_characters$/, ([, most]) => ['1'.repeat(Number(most) + 1)]],
  [/^is_a_share$/, () => [-0.01, 1.01]],
  [/^is_a_weekday$/, () => [-1, 7]],
  [/^is_an_hour$/, () => [-1, 24]],
  [/^is_a_port$/, () => [0, 65536]],
  [/^is_encrypted$/, () => ['sk_live_51']],
]

const [early, late] = ['2030-01-07T10:00:00Z', '2030-01-08T10:00:00Z']

/** What to do against rules whose names say more than a pattern knows. */
const particular: Record<string, Row[]> = {
  audit_log_actor_is_known: [{ actor_type: 'robot' }],
  audit_log_after_is_an_object: [{ after: 5 }],
  audit_log_before_is_an_object: [{ before: 5 }],
  audit_log_entries_tell_a_change: [{ before: { name: 'Acme' } }],
  audit_log_positions_count_from_1: [{ position: 0 }, { position: -1 }],
  audit_log_users_have_an_id: [{ actor_type: 'user' }],
  budget_settings_currency_has_three_letters: [{ currency: 'usd' }, { currency: 'EURO' }],
  dnc_list_expires_after_it_was_added: [{ added_at: late, expires_at: early }],
  invitations_allow_domains: [{ email: null, role: 'member', allowed_domains: '{acme}' }],
  invitations_are_for_an_address_or_links_for_members: [
    { email: null, role: 'admin' },
    { max_uses: 2 },
    { allowed_domains: '{acme.example}' },
  ],
  invitations_are_not_used_up_twice: [{ uses: 2 }, { uses: -1 }],
  invitations_email_is_an_address: [{ email: 'new' }, { email: 'New@example.test' }],
  invitations_have_a_use: [{ email: null, role: 'member', max_uses: 0 }],
  invitations_have_one_outcome: [{ accepted_at: early, revoked_at: early }, { declined_at: early, revoked_at: early }],
  invitations_last_between_1_and_30_days: [{ valid_for: '23 hours' }, { valid_for: '31 days' }],
  invitations_role_is_not_owner: [{ role: 'owner' }],
  lead_fields_have_options_for_a_choice: [{ type: 'choice' }, { options: '{a,b}' }],
  lead_fields_key_is_a_word: [{ key: '' }, { key: 'Budget' }, { key: '1st' }, { key: 'x'.repeat(41) }],
  lead_fields_label_is_readable: [{ label: '' }, { label: ' Budget' }, { label: 'x'.repeat(101) }],
  lead_fields_options_can_be_told_apart: [
    { type: 'choice', options: '{}' },
    { type: 'choice', options: '{a,a}' },
    { type: 'choice', options: '{a,""}' },
    { type: 'choice', options: '{a,NULL}' },
  ],
  organization_branding_color_dark_is_a_color: [{ color_dark: '#FFF' }, { color_dark: 'red' }],
  organization_branding_color_light_is_a_color: [{ color_light: '#12345' }, { color_light: '#12345g' }],
  organization_branding_host_is_a_name: [{ host: 'acme' }, { host: 'acme.example:8080' }],
  organization_branding_logo_url_is_https: [
    { logo_url: 'http://acme.example/logo.svg' },
    { logo_url: 'https://acme.example/"onerror="' },
    { logo_url: 'https://user@acme.example/' },
    { logo_url: 'https://127.0.0.1/' },
    { logo_url: `https://acme.example/${'x'.repeat(2000)}` },
  ],
  organization_branding_mail_sender_name_is_no_address: [
    { mail_sender_name: '' },
    { mail_sender_name: 'Acme\nBcc: eve@nowhere.test' },
    { mail_sender_name: 'ceo@bank.example' },
    { mail_sender_name: 'Acme <a>' },
    { mail_sender_name: 'ceo\uff20bank' },
  ],
  organization_branding_product_name_is_readable: [
    { product_name: '' },
    { product_name: ' Acme' },
    { product_name: 'x'.repeat(101) },
  ],
  organization_branding_proof_is_of_a_host: [{ host: null, host_verified_at: early }],
  organization_branding_release_is_of_a_proof: [{ host_released_at: early }],
  organization_branding_support_email_is_an_address: [{ support_email: 'help' }, { support_email: 'Help@acme.test' }],
  organization_domains_domain_is_a_name: [{ domain: 'acme' }, { domain: 'Acme.example' }, { domain: '127.0.0.1' }],
  organizations_calling_hours_end_after_they_start: [{ calling_hours_start: '17:00', calling_hours_end: '09:00' }],
  organizations_calling_hours_have_a_start_and_an_end: [{ calling_hours_start: '09:00' }, {
    calling_hours_end: '17:00',
  }],
  organizations_contact_phone_is_e164: [{ contact_phone: '030 901820' }],
  organizations_metadata_is_a_small_object: [{ metadata: [] }, { metadata: { note: 'x'.repeat(17_000) } }],
  organizations_name_is_readable: [{ name: '' }, { name: ' Acme' }, { name: 'x'.repeat(101) }],
  organizations_owner_email_is_an_address: [{ owner_email: 'alice' }],
  organizations_settings_are_a_small_object: [{ settings: [] }, { settings: { note: 'x'.repeat(17_000) } }],
  organizations_slug_is_not_reserved: [{ slug: 'billing' }],
  organizations_slug_is_well_formed: [{ slug: 'Acme' }, { slug: '' }],
  organizations_status_cause_is_known: [{ status_cause: 'somebody' }],
  subscription_plans_features_are_a_list: [{ features: {} }, { features: [1] }],
  subscription_plans_limits_are_not_negative: [{ max_users: -1 }, { monthly_call_limit: -1 }],
  subscription_plans_name_is_readable: [{ name: '' }, { name: ' Basic' }],
  subscription_plans_price_is_an_id: [{ stripe_price_id: '5' }],
  subscription_plans_tier_is_a_word: [{ tier: 'Gold' }, { tier: '' }],
}

/** What two rows must have so that no other rule refuses the second first. */
const together: Record<string, [Row, Row]> = {
  // In two organizations: the default one is always there.
  organization_branding_hosts_are_proven_once: [
    { host_verified_at: early },
    { host_verified_at: early, organization_id: '00000000-0000-4000-a000-000000000001' },
  ],
  organization_domains_are_verified_once: [
    { verified_at: early },
    { verified_at: early, organization_id: '00000000-0000-4000-a000-000000000001' },
  ],
  subscription_plans_position_is_unique: [{}, { tier: 'other', stripe_price_id: 'price_other' }],
  subscription_plans_price_is_of_one_plan: [{}, { tier: 'other', position: 91 }],
}

/**
 * Rows that a rule, taken at its word, must refuse: each element is inserted by itself and differs from the example only in
 * what breaks the rule. Undefined when neither its name nor anything here says what it refuses.
 */
export function violationOf(rule: Rule, example: Row): Row[][] | undefined {
  const { kind, columns } = rule
  switch (kind) {
    case 'check':
      return checkViolations(rule)?.map((wrong) => [{ ...example, ...wrong }])
    case 'foreign key': {
      const link = columns.find((column) => column.name !== 'organization_id') ?? columns[0]
      return link && [[{ ...example, [link.name]: crypto.randomUUID() }]]
    }
    case 'primary key':
    case 'unique': {
      const [first, second] = together[rule.name] ?? []
      const sameId = columns.some((column) => column.name === 'id') || !('id' in example)
      const other = sameId ? example : { ...example, id: crypto.randomUUID() }
      return [[{ ...example, ...first }, { ...other, ...second }]]
    }
  }
}

function checkViolations({ table, name, columns }: Rule): Row[] | undefined {
  if (Object.hasOwn(particular, name)) return particular[name]
  if (name.startsWith(`${table}_`) && name.endsWith('_are_not_negative')) {
    return columns.map((column) => ({ [column.name]: -1 }))
  }
  if (name === `${table}_ends_after_it_begins`) return [backwards(columns)]
  const [column, ...others] = columns
  if (!column || others.length > 0 || !name.startsWith(`${table}_${column.name}_`)) return undefined
  const sentence = name.slice(`${table}_${column.name}_`.length)
  for (const [says, wrong] of sentences) {
    const match = sentence.match(says)
    if (match) return wrong(match).map((value) => ({ [column.name]: value }))
  }
}

/** An end before its beginning. */
function backwards(columns: Rule['columns']): Row {
  return Object.fromEntries(columns.map(({ name, type }) => {
    const [first, second] = type.startsWith('time without') ? ['09:00', '17:00'] : [early, late]
    return [name, /(^|_)end(s|ed)?(_|$)/.test(name) ? first : second]
  }))
}
