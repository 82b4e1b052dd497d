import type postgres from 'postgres'

/** One statement, run as somebody and undone. */
export interface Try {
  /** What is tried, in words. */
  name: string
  /** The database role, as the Data API sets it; absent for the database owner. */
  role?: 'anon' | 'authenticated' | 'service_role'
  claims?: Record<string, string>
  headers?: Record<string, string>
  statement: string
  /** A query of one text, asked as the database owner afterwards; absent where the statement answers itself. */
  probe?: string
  /** The answers that are right: the text, or of a refusal the problem code or else the state. */
  expected: readonly string[]
  /** How the message of a refusal begins. */
  says?: string
  /** The refusal must read like that of the try before it: what was refused there is not to be told from this. */
  likePrevious?: boolean
}

/** Tries that begin with the same rows on stage. */
export interface Scene {
  /** Statements of the database owner. */
  setup: string[]
  tries: Try[]
}

/** What came of one try. */
export interface Outcome {
  answer: string
  /** The message of a refusal, and the constraint it names. */
  message: string
}

// One round trip for hundreds of statements. It makes no object, and every try is a savepoint that is rolled back.
const run = `do $run$
declare
    v_role text := current_setting('role');
    v_scene jsonb;
    v_try jsonb;
    v_statement text;
    v_answer text;
    v_state text;
    v_hint text;
    v_message text;
    v_answers text[] := '{}';
    v_messages text[] := '{}';
begin
    for v_scene in select jsonb_array_elements(current_setting('matrix.scenes')::jsonb) loop
        begin
            for v_statement in select jsonb_array_elements_text(v_scene -> 'setup') loop
                execute v_statement;
            end loop;
            v_state := '';
            for v_try in select jsonb_array_elements(v_scene -> 'tries') loop
                v_answer := null;
                v_message := '';
                begin
                    perform set_config('request.jwt.claims', coalesce(v_try ->> 'claims', ''), true),
                        set_config('request.headers', coalesce(v_try ->> 'headers', '{}'), true),
                        set_config('role', coalesce(v_try ->> 'role', v_role), true);
                    if v_try ? 'probe' then
                        execute v_try ->> 'statement';
                        perform set_config('role', v_role, true);
                        execute v_try ->> 'probe' into v_answer;
                    else
                        execute v_try ->> 'statement' into v_answer;
                    end if;
                    raise exception using errcode = 'MX000';
                exception when others then
                    get stacked diagnostics v_state = returned_sqlstate, v_hint = pg_exception_hint,
                        v_message = message_text;
                    if v_state <> 'MX000' then
                        v_answer := case when v_state like 'PT%' then v_hint else v_state end;
                    end if;
                end;
                v_answers := v_answers || coalesce(v_answer, 'nothing');
                v_messages := v_messages || case when v_state = 'MX000' then '' else v_message end;
            end loop;
            raise exception using errcode = 'MX000';
        exception when others then
            -- Rows that could not be put on stage: none of the tries has an answer.
            if sqlstate <> 'MX000' then
                for v_try in select jsonb_array_elements(v_scene -> 'tries') loop
                    v_answers := v_answers || 'no stage'::text;
                    v_messages := v_messages || sqlerrm;
                end loop;
            end if;
        end;
    end loop;
    perform set_config('matrix.outcomes', jsonb_build_array(v_answers, v_messages)::text, true);
end
$run$`

/** Runs scenes inside an open transaction and leaves nothing of them; answers in the order of the tries. */
export async function runScenes(tx: postgres.TransactionSql, scenes: Scene[]): Promise<Outcome[]> {
  const plan = scenes.map(({ setup, tries }) => ({
    setup,
    tries: tries.map(({ role, claims, headers, statement, probe }) => ({
      role,
      claims: claims && JSON.stringify(claims),
      headers: headers && JSON.stringify(headers),
      statement,
      probe,
    })),
  }))
  const [, , rows] = await Promise.all([
    tx`select set_config('matrix.scenes', ${JSON.stringify(plan)}, true) is null as sent`,
    tx.unsafe(run),
    tx<{ outcomes: string }[]>`select current_setting('matrix.outcomes') as outcomes`,
  ])
  const [answers, messages]: [string[], string[]] = JSON.parse(rows[0]?.outcomes ?? '[[], []]')
  return answers.map((answer, at) => ({ answer, message: messages[at] ?? '' }))
}

/** What is wrong with the answers, a line each. */
export function compare(scenes: Scene[], outcomes: Outcome[]): string[] {
  const tries = scenes.flatMap((scene) => scene.tries)
  if (tries.length !== outcomes.length) return [`${tries.length} tries have ${outcomes.length} answers`]
  return tries.flatMap(({ name, expected, says, likePrevious }, at) => {
    const { answer, message } = outcomes[at] ?? { answer: 'nothing', message: '' }
    const words = says ?? (likePrevious ? outcomes[at - 1]?.message : '') ?? ''
    if (expected.includes(answer) && message.startsWith(words)) return []
    if (expected.includes(answer)) return [`${name}: was refused with "${message}", and not with "${words}"`]
    return [`${name}: expected ${expected.join(' or ')}, was ${answer}${message && ` (${message})`}`]
  })
}

/** A value as SQL. */
export const literal = (value: string | null): string => value === null ? 'null' : `'${value.replaceAll("'", "''")}'`

/** A name as SQL. */
export const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`

/** An insert of one row. */
export const insertInto = (table: string, row: Record<string, string | null>): string =>
  `insert into public.${name(table)} (${Object.keys(row).map(name).join(', ')}) ` +
  `values (${Object.values(row).map(literal).join(', ')})`

/** What an update sets. */
export const assignments = (row: Record<string, string | null>): string =>
  Object.entries(row).map(([column, value]) => `${name(column)} = ${literal(value)}`).join(', ')
