-- What must hold so that organizations stay apart, in words; tenancy.verify() finds in the catalog what each law is about,
-- and says whether it holds.

create table tenancy.laws (
    position integer generated always as identity primary key,
    name text not null unique,
    sentence text not null,
    consequence text not null
);
comment on table tenancy.laws is
    'The laws that tenancy.verify() proves: what holds, and what it means for the companies in the database when it does not.';

insert into tenancy.laws (name, sentence, consequence) values
    (
        'every_table_is_protected',
        'Every table that the API reaches is protected, or is known to span organizations.',
        'The table has no organization at all: whoever may read it reads the rows of every company.'
    ),
    (
        'registered_tables_exist',
        'Every table that is registered as protected or spanning exists.',
        'A table that is made later under this name would pass for one that somebody looked at.'
    ),
    (
        'row_security_is_enabled',
        'Row-level security is on for every table.',
        'No policy is asked: whoever may use the table reads and writes the rows of every company.'
    ),
    (
        'row_security_is_forced',
        'Row-level security holds for the owner of a table too.',
        'What runs as the owner of the table, such as a function, passes by its policies and reaches every company.'
    ),
    (
        'the_api_has_tables_and_views_alone',
        'The API has no materialized view and no foreign table: row-level security does not hold for them.',
        'It shows rows of every company to whoever may read it.'
    ),
    (
        'no_rule_rewrites_a_request',
        'No rule rewrites what a request asks for.',
        'A rule runs as the owner of the table, who is bound by no policy: it can read and write rows of every company.'
    ),
    (
        'views_ask_as_the_caller',
        'Every view of the API reads its tables as the caller (security_invoker).',
        'The view reads as its owner, whom no policy binds: it shows rows of every company.'
    ),
    (
        'every_row_has_an_organization',
        'Every row of a protected table belongs to an organization that exists: organization_id is not null and a foreign key.',
        'A row can belong to nobody, or to a company that does not exist: its owner loses it and nobody answers for it.'
    ),
    (
        'rows_are_stamped',
        'The database itself fills in the organization and the author of a new row.',
        'What a client leaves out lands in no company, or in one that was chosen for an earlier statement.'
    ),
    (
        'rows_never_move',
        'A row never changes its id, its organization or its author.',
        'Somebody who belongs to two companies can carry rows, and everything that hangs on them, from one into the other.'
    ),
    (
        'rows_are_found_by_organization',
        'A protected table has an index that leads with organization_id and created_at.',
        'Each list reads the rows of all companies to find one company''s: slow, and its time tells how much the others have.'
    ),
    (
        'constraints_are_validated',
        'Every foreign key and check of a table has been validated for all of its rows.',
        'Rows from before the rule may break it, such as one that refers to another company''s.'
    ),
    (
        'keys_stay_in_the_organization',
        'A foreign key between two protected tables compares organization_id on both ends.',
        'A row can refer to another company''s row: the answer tells that it exists, and deleting it reaches across.'
    ),
    (
        'children_take_their_parents_organization',
        'A row that is written for nobody in particular and names no organization takes that of its parent.',
        'What machines write beneath a company''s row has no organization: it is refused and lost.'
    ),
    (
        'no_trigger_is_disabled',
        'No trigger of a table is disabled, foreign keys'' included.',
        'What the trigger keeps is not kept: rows can move between companies or refer to another''s.'
    ),
    (
        'triggers_have_no_further_rights',
        'No trigger of a table runs with its owner''s rights, but the engine''s own.',
        'It is bound by no policy: writing one''s own row can read or change another company''s.'
    ),
    (
        'policies_say_what_the_registry_says',
        'For each protected table and command there is one policy, word for word what the registered roles ask for.',
        'Others than the registered roles read or write here, maybe those of another company.'
    ),
    (
        'policies_stand_alone',
        'Each policy is the only one of its table and command, permissive, to signed-in people alone, and checks what is written.',
        'Permissive policies add up: one that is too wide opens the table, whatever the others say.'
    ),
    (
        'policies_ask_once_a_statement',
        'No policy calls a function for each row; what it compares with is asked once a statement.',
        'The function sees every company''s rows before the policy has refused them, and a list takes as long as all have together.'
    ),
    (
        'spanning_tables_are_read_by_their_rule',
        'A table that spans organizations has one policy, for reading, word for word as registered.',
        'People see memberships, invitations or profiles of companies that they do not belong to.'
    ),
    (
        'grants_are_the_matrix',
        'Signed-in people may use the commands that have a policy, the secret key all four, and nobody else any.',
        'Somebody reaches a table whom the matrix keeps out of it; only its policies are left to stop them.'
    ),
    (
        'no_grant_passes_row_security',
        'Nobody but the owner may truncate, refer to, hang triggers on or maintain a table, or pass a grant on.',
        'Row-level security does not hold for these: one company can empty the table for all.'
    ),
    (
        'no_column_is_granted_alone',
        'No column is granted apart from its table.',
        'A grant that the matrix does not show lets somebody read or write this column.'
    ),
    (
        'api_functions_act_as_the_caller',
        'No function of the API runs with its owner''s rights (security definer).',
        'Whoever calls it is bound by no policy: with an id as its argument it answers about any company.'
    ),
    (
        'functions_pin_their_search_path',
        'Every function of the API and the engine, and every definer function of their owner, pins an empty search path.',
        'Whoever can make a table or function in a schema that is looked in first has their own used, with the function''s rights.'
    ),
    (
        'no_function_is_open_to_everybody',
        'Nobody may call a function of the API or the engine merely by being there (execute to public).',
        'Any role can call it, signed in or not.'
    ),
    (
        'nobody_signed_out_calls_unlisted_functions',
        'Somebody who is not signed in may call the functions of tenancy.anon_functions, and no others.',
        'Anybody on the internet who has the publishable key can call it.'
    ),
    (
        'the_engine_is_not_exposed',
        'The schema tenancy is not one that the API exposes.',
        'Helpers that policies and entry points rely on can be called from outside, one by one.'
    ),
    (
        'nobody_creates_in_our_schemas',
        'Nobody but their owner makes anything in the schemas of the API and the engine.',
        'Somebody can add a table, view or function of their own, and have the API or the engine use it.'
    ),
    (
        'nobody_reaches_the_engines_tables',
        'Nobody but their owner has a grant on a table of the engine.',
        'Choices, token hashes and the registry itself can be read or changed past every rule.'
    ),
    (
        'api_roles_make_nothing_temporary',
        'No role of the API can make temporary tables or types.',
        'A temporary type is found before any other: a definer function can be made to run somebody''s own code.'
    ),
    (
        'defaults_hand_out_nothing',
        'What is made later is granted to no role of the API by default.',
        'The next table is open to the API before anybody has protected it.'
    ),
    (
        'requests_are_checked_first',
        'The Data API asks tenancy.check_request() before each request.',
        'Estimated counts come from statistics over all companies: they tell how many rows the others have.'
    ),
    (
        'api_roles_have_no_powers',
        'No role of the API is a superuser or makes roles or databases; none but the secret key''s passes row-level security.',
        'Every request of this role reaches the rows of every company, whatever the policies say.'
    ),
    (
        'api_roles_belong_to_no_other',
        'Neither signed-in nor signed-out callers are members of another role.',
        'They hold that role''s grants, or can become it.'
    ),
    (
        'api_roles_own_nothing',
        'No role of the API owns a schema, table or function of the API or the engine.',
        'The owner of a table can switch off its row-level security, and the owner of a function can replace it.'
    ),
    (
        'every_organization_has_an_owner',
        'Every organization with members has an active owner.',
        'Nobody can manage the company any more: its data is out of its own reach.'
    ),
    (
        'memberships_end_with_the_account',
        'Every membership belongs to an account that exists and is not closed.',
        'Somebody who left still belongs to the company: a token of theirs that is not yet over still reads its rows.'
    ),
    (
        'choices_rest_on_a_membership',
        'Every stored choice of an active organization rests on a membership.',
        'A session acts, by an old choice, for a company that its person does not belong to.'
    ),
    (
        'tokens_end_with_their_invitation',
        'No token is kept of an invitation that was accepted, declined or withdrawn.',
        'An invitation that is over could open a company once more.'
    );


create table tenancy.anon_functions (
    function_name text primary key,
    reason text not null
);
comment on table tenancy.anon_functions is 'The functions that somebody may call who is not signed in, and why.';

insert into tenancy.anon_functions (function_name, reason) values
    ('public.ready()', 'readiness checks know nobody; it answers true'),
    ('public.list_plans()', 'whoever considers signing up may see what it costs'),
    ('tenancy.list_plans()', 'public.list_plans() asks it'),
    ('public.find_branding(text,text)', 'a sign-in page wears the branding before anybody has signed in'),
    ('tenancy.find_branding(text,text)', 'public.find_branding() asks it'),
    ('public.preview_invitation(text)', 'whoever holds a token may see what it invites to'),
    ('tenancy.preview_invitation(text)', 'public.preview_invitation() asks it'),
    ('tenancy.require_attempts_left()', 'public.preview_invitation() asks it'),
    ('tenancy.failed_attempt(text,text,text,text)', 'public.preview_invitation() counts refused tokens with it'),
    ('tenancy.check_request()', 'the Data API asks it before each request, as whoever requests');


-- Some projects were made when default privileges still gave every new table to the whole API. What is made from now on
-- is granted by name, as tenancy.protect() does.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;


create function tenancy.version()
returns text
language sql immutable
set search_path = ''
as $$
    select '0.1.0'
$$;
comment on function tenancy.version() is 'The version of the engine; package.json has the same.';


revoke execute on all functions in schema tenancy from public;
