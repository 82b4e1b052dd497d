import { code, page, table } from '../docs/generate/markdown.ts'
import type { Finding, Proof } from './proof.ts'
import type { Report } from './report.ts'

/** The report as a page for whoever reviews the security of a company's data. */
export const toMarkdown = (report: Report): string =>
  page([
    `# ${report.title}`,
    summary(report),
    table(['', ''], [
      ['made at', report.at],
      ['database', `${report.database.name} on ${report.database.host}:${report.database.port}`],
      ['read as', report.database.user],
      ['server', `PostgreSQL ${report.database.server}`],
      ['engine', report.database.engine],
      ['schemas of the API', report.schemas.join(', ')],
    ]),
    'The database was read in one read-only transaction and not changed. What each law is about was found in its catalog, ' +
    'so nothing was left out because somebody forgot to list it.',
    '## Findings',
    ...report.findings.length === 0 ? ['None.'] : report.findings.map(toFinding),
    '## What was proven',
    table(
      ['proof', 'what holds', 'what was tried', 'findings'],
      report.proofs.map(({ name, claim, tried, findings }) => [code(name), claim, tried, String(findings.length)]),
    ),
    '## The laws',
    'Each is checked for every object that it is about; the JSON beside this page names them all.',
    table(
      ['law', 'what holds', 'objects', 'result'],
      report.laws.map(({ name, sentence, objects, broken }) => [code(name), sentence, String(objects), result(broken)]),
    ),
    '## The tables, and who may do what',
    'Roles are owner > admin > manager > member; whoever may is named by the weakest role that may, and only for rows of ' +
    'the one company the request acts in. `own: member; any: manager` means: members the rows they wrote, managers every ' +
    "row of the company. A protected table's policies say this word for word, which a law above proves. A spanning table " +
    "holds companies, memberships, invitations or people, and is changed by the engine's functions alone.",
    table(
      ['table', 'kind', 'row-level security', 'read', 'create', 'change', 'delete'],
      report.tables.map((t) => [code(t.table), t.kind, t.rowSecurity, t.read, t.create, t.change, t.delete]),
    ),
    '## What one company can tell of another',
    "Everything known through which an answer could depend on another company's data: closed channels tell nothing any " +
    'more, known ones what is said here and no more.',
    report.channels.length === 0
      ? 'None is listed.'
      : table(['channel', 'state', 'what it is'], report.channels.map((c) => [c.name, c.state, c.text])),
  ])

function summary({ holds, proofs, findings, laws }: Report): string {
  const checked = `${laws.length} laws and ${proofs.length - 1} further ${proofs.length === 2 ? 'proof' : 'proofs'}`
  if (holds) return `**Every claim holds.** ${checked} were checked and nothing was found that contradicts them.`
  const objects = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return `**Not every claim holds.** ${checked} were checked, with ${objects}; each says what it means and how to mend it.`
}

const result = (broken: number): string => broken === 0 ? 'holds' : `**broken for ${broken}**`

const toFinding = ({ law, object, detail, consequence, mend }: Finding): string =>
  [
    `### ${code(law)}: ${code(object.replaceAll('`', "'"))}`,
    `- Seen: ${oneLine(detail)}`,
    consequence === undefined ? '' : `- What it means: ${oneLine(consequence)}`,
    mend === undefined ? '' : `- What mends it:\n\n${fenced(mend)}`,
  ].filter(Boolean).join('\n\n').replaceAll(/\n\n- /g, '\n- ').replace('\n- ', '\n\n- ')

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

/** Names may hold anything, so the fence is longer than any in the text. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sql\n${sql}\n${fence}`
}

/** A few lines for whoever ran the proof. */
export function toSummary({ proofs, findings, database }: Report): string {
  const heads = proofs.map(({ name, tried, findings }: Proof) =>
    `${findings.length === 0 ? 'holds ' : 'BROKEN'}  ${name}: ${tried}`
  )
  const shown = findings.slice(0, 20).map(({ law, object, detail }) => `  ${law}: ${object}: ${oneLine(detail)}`)
  const more = findings.length > shown.length ? [`  … and ${findings.length - shown.length} more in the report`] : []
  return [`${database.name} on ${database.host}:${database.port}`, ...heads, ...shown, ...more].join('\n')
}
