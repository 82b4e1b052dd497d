-- Looking leads up by any part of a name, company, e-mail or number.
--
-- What is found is a list of ids, made by the engine within the one organization in which the request acts; the rows of
-- these ids are read by the caller, under the policies of leads. The list has whole words first, then beginnings of words,
-- then what is anywhere within; of each the newest first.

create function tenancy.search_words(p_query text)
returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
    v_text text := btrim(regexp_replace(tenancy.to_searchable(p_query), '\s+', ' ', 'g'));
    v_words text[];
begin
    if p_query is null or char_length(p_query) > 100 then
        perform tenancy.refuse('validation_failed', 'A search has up to 100 characters.');
    end if;
    -- Digits without a letter are a number, however somebody wrote it.
    if v_text ~ '^[0-9 ()+./-]*[0-9][0-9 ()+./-]*$' then
        v_text := regexp_replace(v_text, '[^0-9]', '', 'g');
    end if;
    v_words := string_to_array(v_text, ' ');
    if not exists (select 1 from unnest(v_words) as w (word) where char_length(w.word) >= 2) then
        perform tenancy.refuse('validation_failed', 'Search for at least two characters in a row.');
    end if;
    return v_words;
end
$$;
comment on function tenancy.search_words(text) is
    'The words that a lead''s text must all have. Raises validation_failed for a search that no index can answer.';


create function tenancy.search_parts(p_words text[], p_rank integer)
returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
    return array(
        -- One or two characters are in too many words: they count where a word begins with them.
        select case when p_rank < 3 or char_length(w.word) < 3 then ' ' else '' end
            || w.word
            || case when p_rank = 1 then ' ' else '' end
        from unnest(p_words) as w (word)
    );
end
$$;
comment on function tenancy.search_parts(text[], integer) is
    'What a lead''s text must contain for a rank: 1 for the words whole, 2 for words that begin so, 3 for anywhere.';


create function tenancy.to_patterns(p_parts text[])
returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
    return array(select '%' || regexp_replace(p.part, '([\\%_])', '\\\1', 'g') || '%' from unnest(p_parts) as p (part));
end
$$;
comment on function tenancy.to_patterns(text[]) is 'Patterns of like for texts that contain these parts, each character as it is.';


create function tenancy.parts_to_trigrams(p_organization_id uuid, p_parts text[])
returns integer[]
language plpgsql immutable
set search_path = ''
as $$
begin
    return array(
        select distinct t.trigram
        from unnest(p_parts) as p (part)
        cross join lateral unnest(tenancy.to_trigrams(p_organization_id, p.part)) as t (trigram)
    );
end
$$;
comment on function tenancy.parts_to_trigrams(uuid, text[]) is 'The trigrams that a text with all of these parts has.';


create function tenancy.match_leads(
    p_organization_id uuid,
    p_words text[],
    p_after_rank integer,
    p_after_time timestamptz,
    p_after_id uuid,
    p_count integer
)
returns table (rank integer, listed_at timestamptz, lead_id uuid)
language plpgsql stable
set search_path = ''
-- The same plans whatever is known about how the rows of all organizations are spread.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    -- Where one lead in a hundred matches, reading the newest until a page is full and asking the index cost the same.
    v_newest constant integer := 100 * p_count;
    v_whole constant text[] := tenancy.to_patterns(tenancy.search_parts(p_words, 1));
    v_beginning constant text[] := tenancy.to_patterns(tenancy.search_parts(p_words, 2));
    v_anywhere constant text[] := tenancy.to_patterns(tenancy.search_parts(p_words, 3));
    v_trigrams integer[];
    v_found integer;
    v_left integer := p_count;
    v_patterns text[];
    v_better text[];
    v_time timestamptz := p_after_time;
    v_id uuid := p_after_id;
    v_times timestamptz[];
    v_ids uuid[];
begin
    select count(*) into v_found
    from (
        select 1
        from (
            select t.text from tenancy.lead_texts as t
            where t.organization_id = p_organization_id
            order by t.listed_at desc, t.lead_id desc
            limit v_newest
        ) as newest
        where newest.text like all (v_anywhere)
        limit p_count
    ) as found;

    -- Few match: the index has all of them, and they are ranked together.
    if v_found < p_count then
        v_trigrams := tenancy.parts_to_trigrams(p_organization_id, tenancy.search_parts(p_words, 3));
        return query
        select ranked.rank, ranked.listed_at, ranked.lead_id
        from (
            select candidate.listed_at, candidate.lead_id, case
                when candidate.text like all (v_whole) then 1
                when candidate.text like all (v_beginning) then 2
                else 3
            end as rank
            from (
                -- Trigrams are an organization's own; nothing but their index is asked.
                (select t.* from tenancy.lead_texts as t where t.trigrams @> v_trigrams offset 0)
                union all
                select t.* from tenancy.lead_texts as t where t.organization_id = p_organization_id and t.trigrams is null
            ) as candidate
            where candidate.organization_id = p_organization_id and candidate.text like all (v_anywhere)
        ) as ranked
        where ranked.rank > p_after_rank
            or ranked.rank = p_after_rank and (ranked.listed_at, ranked.lead_id) < (p_after_time, p_after_id)
        order by ranked.rank, ranked.listed_at desc, ranked.lead_id desc
        limit p_count;
        return;
    end if;

    -- Many match: rank by rank. Where the newest do not fill the page, the index has the rest of that rank.
    for v_rank in p_after_rank .. 3 loop
        v_patterns := case v_rank when 1 then v_whole when 2 then v_beginning else v_anywhere end;
        v_better := case v_rank when 2 then v_whole when 3 then v_beginning end;

        select array_agg(found.listed_at), array_agg(found.lead_id) into v_times, v_ids
        from (
            select newest.listed_at, newest.lead_id
            from (
                select t.listed_at, t.lead_id, t.text from tenancy.lead_texts as t
                where t.organization_id = p_organization_id and (t.listed_at, t.lead_id) < (v_time, v_id)
                order by t.listed_at desc, t.lead_id desc
                limit v_newest
            ) as newest
            where newest.text like all (v_patterns) and (newest.text like all (v_better)) is not true
            order by newest.listed_at desc, newest.lead_id desc
            limit v_left
        ) as found;
        if cardinality(v_ids) = v_left then
            return query select v_rank, f.listed_at, f.lead_id from unnest(v_times, v_ids) as f (listed_at, lead_id);
            return;
        end if;

        v_trigrams := tenancy.parts_to_trigrams(p_organization_id, tenancy.search_parts(p_words, v_rank));
        return query
        select v_rank, candidate.listed_at, candidate.lead_id
        from (
            (select t.* from tenancy.lead_texts as t where t.trigrams @> v_trigrams offset 0)
            union all
            select t.* from tenancy.lead_texts as t where t.organization_id = p_organization_id and t.trigrams is null
        ) as candidate
        where candidate.organization_id = p_organization_id
            and (candidate.listed_at, candidate.lead_id) < (v_time, v_id)
            and candidate.text like all (v_patterns) and (candidate.text like all (v_better)) is not true
        order by candidate.listed_at desc, candidate.lead_id desc
        limit v_left;
        get diagnostics v_found = row_count;
        v_left := v_left - v_found;
        exit when v_left = 0;
        v_time := 'infinity';
        v_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    end loop;
end
$$;
comment on function tenancy.match_leads(uuid, text[], integer, timestamptz, uuid, integer) is
    'Leads of one organization that have all these words, after a place in the list, up to a number of them: rank, time and id,
in their order.';


create function tenancy.find_leads(p_query text, p_page_limit integer, p_page_cursor text, out ids uuid[], out next_cursor text)
returns record
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_limit integer := tenancy.require_page_limit(p_page_limit);
    v_words text[] := tenancy.search_words(p_query);
    v_organization_id uuid := tenancy.current_organization_id();
    v_after record;
    v_ranks integer[];
    v_times timestamptz[];
begin
    if v_organization_id is null then
        perform tenancy.require_caller();
        if tenancy.requested_organization_id() is not null then
            perform tenancy.refuse('not_found', 'There is no such organization.');
        end if;
        perform tenancy.refuse(
            'organization_required',
            'Say in which organization to search: send x-organization-id, or choose an active organization.'
        );
    end if;
    perform tenancy.require_role(
        v_organization_id,
        (
            select p.read_role from tenancy.protected_tables as p
            where p.table_schema = 'public' and p.table_name = 'leads'
        ),
        p_for_write => false
    );

    if p_page_cursor !~ '^[1-3].' then
        perform tenancy.refuse('validation_failed', 'The cursor is not one that a list answered with.');
    end if;
    v_after := tenancy.from_cursor(substr(p_page_cursor, 2));
    select array_agg(m.lead_id), array_agg(m.rank), array_agg(m.listed_at) into ids, v_ranks, v_times
    from tenancy.match_leads(
        v_organization_id,
        v_words,
        coalesce(left(p_page_cursor, 1), '1')::integer,
        case when p_page_cursor is null then 'infinity' else v_after.after_time end,
        v_after.after_id,
        v_limit + 1
    ) as m;
    if cardinality(ids) > v_limit then
        next_cursor := v_ranks[v_limit] || tenancy.to_cursor(v_times[v_limit], ids[v_limit]);
        ids := ids[:v_limit];
    end if;
end
$$;
comment on function tenancy.find_leads(text, integer, text) is
    'The ids of a page of leads that a search finds in the organization this request acts in, and where the next page begins. For
whoever may read any of its leads. Raises what public.search_leads() raises.';


create function tenancy.search_leads(p_query text, p_page_limit integer, p_page_cursor text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_found record := tenancy.find_leads(p_query, p_page_limit, p_page_cursor);
begin
    return (
        select jsonb_build_object(
            'leads', coalesce(jsonb_agg(to_jsonb(l) order by f.position), '[]'),
            'next_cursor', v_found.next_cursor
        )
        from unnest(v_found.ids) with ordinality as f (id, position)
        join public.leads as l on l.id = f.id
    );
end
$$;
comment on function tenancy.search_leads(text, integer, text) is 'See public.search_leads(). Runs as the caller.';


create function public.search_leads(query text, page_limit integer default 50, page_cursor text default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.search_leads(query, page_limit, page_cursor);
end
$$;
comment on function public.search_leads(text, integer, text) is
    'The leads whose names, company, e-mail or number have each word of a search in them, whatever the case, the accents, and the
punctuation of numbers; at least two characters, and where a word has no more than two, another has to begin so. Whole words
first, then beginnings, of each the newest first. {leads, next_cursor}. Raises unauthenticated, organization_required, not_found,
forbidden, validation_failed, and always invalid_header.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.search_leads(text, integer, text),
    tenancy.find_leads(text, integer, text)
to authenticated;

revoke execute on function public.search_leads(text, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.search_leads(text, integer, text) to authenticated;
