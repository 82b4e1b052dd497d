-- What people look leads up by, folded, beside each lead: a search that reads it never meets a row of another organization.
--
-- Operators that find parts of a text are not leakproof: under row-level security they are asked of each row, one after the
-- other. So searching is the engine's, over a table that nobody else reaches. Trigrams are kept as numbers that are made
-- of the organization too: in the index each organization has lists of its own, and how long another's are costs nothing.
-- An index of some seventy entries a row would slow down every import, so that a job fills it a little later; what it
-- has not reached yet is found by reading it.

create table tenancy.lead_texts (
    organization_id uuid not null,
    listed_at timestamptz not null,
    lead_id uuid not null,
    text text not null,
    trigrams integer[],
    primary key (organization_id, listed_at, lead_id)
);
create index lead_texts_without_trigrams_idx on tenancy.lead_texts (organization_id) where trigrams is null;
-- Without the list of pending entries that gin keeps for all: every search would read it, whosever entries they are.
create index lead_texts_trigrams_idx on tenancy.lead_texts using gin (trigrams) with (fastupdate = off) where trigrams is not null;
comment on table tenancy.lead_texts is
    'For each lead the text it is found by, folded, with its place in a list of newest first. trigrams is null until
tenancy.index_leads() has come by. Triggers on public.leads keep it.';


create function tenancy.to_searchable(p_text text)
returns text
language plpgsql immutable
set search_path = ''
as $$
begin
    if octet_length(p_text) = char_length(p_text) then
        return lower(p_text collate "C");
    end if;
    -- By Unicode's own rules, whatever the machine's locale. Marks above and below letters go, and so does what nobody sees.
    return translate(
        replace(replace(replace(
            regexp_replace(
                lower(normalize(p_text, nfkd) collate "pg_c_utf8"),
                '[\u0300-\u036F\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]', '', 'g'
            ), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
        'øłđðħı', 'olddhi'
    ) collate "default";
end
$$;
comment on function tenancy.to_searchable(text) is
    'A text as it is compared in searches: lower case, letters without their accents, without invisible characters.';


create function tenancy.to_lead_text(p_lead public.leads, out listed_at timestamptz, out text text)
returns record
language plpgsql immutable
set search_path = ''
as $$
declare
    v_words text := tenancy.to_searchable(concat_ws(
        ' ', left(p_lead.first_name, 200), left(p_lead.last_name, 200), left(p_lead.company, 200), p_lead.email
    ));
    v_number text := translate(p_lead.phone_number, ' ()+./-', '');
begin
    -- A cursor holds microseconds exactly within these.
    listed_at := greatest(least(p_lead.created_at, '2200-01-01 00:00:00+00'), '1800-01-01 00:00:00+00');
    -- What is more than a number, such as an extension, is found as it is written too.
    if v_number ~ '[^0-9]' then
        v_number := tenancy.to_searchable(p_lead.phone_number);
        v_number := regexp_replace(v_number, '[^0-9]', '', 'g') || ' ' || v_number;
    end if;
    -- Digits alone are looked for as one number, so that a company such as 24/7 has one.
    if v_words ~ '[0-9][ ()+./-]+[0-9]' then
        v_number := v_number || ' ' || regexp_replace(v_words, '([0-9])[ ()+./-]+(?=[0-9])', '\1', 'g');
    end if;
    text := ' ' || v_words || ' ' || v_number || ' ';
end
$$;
comment on function tenancy.to_lead_text(public.leads) is
    'A lead''s place in a list of newest first, and the text it is found by: words with a space on each side, of names and
company the first 200 characters, and the digits of its number, whatever stands between them.';


create function tenancy.keep_lead_texts()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        insert into tenancy.lead_texts (organization_id, listed_at, lead_id, text)
        select n.organization_id, t.listed_at, n.id, t.text
        from new_leads as n
        cross join lateral tenancy.to_lead_text(n) as t;
    elsif tg_op = 'DELETE' then
        delete from tenancy.lead_texts as t
        using (select o.organization_id, l.listed_at, o.id from old_leads as o cross join lateral tenancy.to_lead_text(o) as l) as gone
        where t.organization_id = gone.organization_id and t.listed_at = gone.listed_at and t.lead_id = gone.id;
    else
        truncate tenancy.lead_texts;
    end if;
    return null;
end
$$;
comment on function tenancy.keep_lead_texts() is 'After leads have come or gone: their texts with them.';


create function tenancy.keep_lead_text()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_old record := tenancy.to_lead_text(old);
    v_new record := tenancy.to_lead_text(new);
begin
    if v_old.listed_at <> v_new.listed_at then
        delete from tenancy.lead_texts as t
        where t.organization_id = old.organization_id and t.listed_at = v_old.listed_at and t.lead_id = old.id;
    end if;
    -- It may be missing still, while a live table gets its texts.
    insert into tenancy.lead_texts as t (organization_id, listed_at, lead_id, text)
    values (new.organization_id, v_new.listed_at, new.id, v_new.text)
    on conflict (organization_id, listed_at, lead_id) do update set text = excluded.text, trigrams = null
    where t.text <> excluded.text;
    return null;
end
$$;
comment on function tenancy.keep_lead_text() is 'After a lead has changed: its text as it is now, to be indexed anew.';


select tenancy.lock_tables('public.leads');

create trigger keep_texts_of_new after insert on public.leads
referencing new table as new_leads
for each statement execute function tenancy.keep_lead_texts();

create trigger keep_texts_of_deleted after delete on public.leads
referencing old table as old_leads
for each statement execute function tenancy.keep_lead_texts();

create trigger keep_texts_of_truncated after truncate on public.leads
for each statement execute function tenancy.keep_lead_texts();

create trigger keep_text after update of first_name, last_name, company, email, phone_number, created_at on public.leads
for each row when (
    old.first_name is distinct from new.first_name
    or old.last_name is distinct from new.last_name
    or old.company is distinct from new.company
    or old.email is distinct from new.email
    or old.phone_number is distinct from new.phone_number
    or old.created_at is distinct from new.created_at
)
execute function tenancy.keep_lead_text();


create function tenancy.to_trigrams(p_organization_id uuid, p_text text)
returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
    v_seed bigint := uuid_hash_extended(p_organization_id, 0);
begin
    -- None across a space: words are looked up one by one.
    return array(
        select distinct (hashtextextended(t.trigram collate "C", v_seed) >> 32)::integer
        from (
            select substr(p_text, i, 3) as trigram from generate_series(1, char_length(p_text) - 2) as i
        ) as t
        where substr(t.trigram, 2, 1) <> ' '
    );
end
$$;
comment on function tenancy.to_trigrams(uuid, text) is
    'Every three characters in a row of a text, as numbers that mean nothing in another organization.';


create function tenancy.index_leads(p_limit integer default 5000)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
    v_count bigint;
begin
    update tenancy.lead_texts as t
    set trigrams = tenancy.to_trigrams(t.organization_id, t.text)
    from (
        select n.organization_id, n.listed_at, n.lead_id from tenancy.lead_texts as n
        where n.trigrams is null
        limit p_limit
        for update skip locked
    ) as n
    where t.organization_id = n.organization_id and t.listed_at = n.listed_at and t.lead_id = n.lead_id;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
comment on function tenancy.index_leads(integer) is
    'Indexes leads that came or changed since the last time, up to a number of them; how many it did. A job runs it every ten
seconds. Safe to run at any time, also beside itself.';

insert into tenancy.jobs (name, schedule, command) values ('tenancy-index-leads', '10 seconds', 'select tenancy.index_leads()');

revoke execute on all functions in schema tenancy from public;
