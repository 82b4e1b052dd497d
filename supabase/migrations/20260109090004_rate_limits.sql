-- How often things may be done: token buckets, counted here so that they are exact whichever function, worker or client asks.
--
-- A token that a refused request took goes back with everything else that it did: what counts is what was done. Wrong
-- invitation tokens do nothing that could be undone, and must count all the same; see tenancy.failed_attempt().

create table tenancy.rate_limits (
    name text primary key,
    capacity integer not null,
    refills_in interval not null,
    refusal text not null,
    constraint rate_limits_are_named_as_headers_take_it check (name ~ '^[a-z0-9_]+$'),
    constraint rate_limits_allow_something check (capacity >= 1),
    constraint rate_limits_refill_in_a_second_or_more check (refills_in >= interval '1 second')
);
comment on table tenancy.rate_limits is
    'Limits as buckets: `capacity` at once, and an empty bucket is full again, token by token, after `refills_in`. Change them
with SQL; they hold from the next request on.';

insert into tenancy.rate_limits (name, capacity, refills_in, refusal) values
    ('invitations_per_organization', 50, '1 hour', 'The organization sends too many invitations.'),
    ('invitations_per_recipient', 5, '1 hour', 'This address gets too many invitations.'),
    ('resends_per_invitation', 1, '1 minute', 'This invitation was sent again just now.'),
    ('organizations_per_user', 10, '1 day', 'You found too many organizations.'),
    ('failed_attempts_per_user', 20, '1 minute', 'You tried too many invitations that are not valid.'),
    ('failed_attempts_per_visitor', 20, '1 minute', 'Too many invitations that are not valid were tried from here.'),
    ('failed_attempts_per_address', 300, '1 minute', 'Too many invitations that are not valid were tried from your network.');

create table tenancy.rate_limit_buckets (
    limit_name text not null references tenancy.rate_limits (name) on update cascade on delete cascade,
    key text not null,
    tokens numeric not null,
    updated_at timestamptz not null,
    primary key (limit_name, key)
);
comment on table tenancy.rate_limit_buckets is
    'What was left in each bucket when it was last taken from. One that is not here is full; delete a row to fill it.';


create function tenancy.tokens_left(
    p_limit tenancy.rate_limits,
    p_bucket tenancy.rate_limit_buckets,
    p_time timestamptz
)
returns numeric
language plpgsql immutable
set search_path = ''
as $$
begin
    -- Rounded, so that a token is whole again after the time that was announced. A clock that was set back refills nothing.
    return coalesce(
        least(
            p_limit.capacity,
            round(
                p_bucket.tokens
                + greatest(extract(epoch from p_time - p_bucket.updated_at), 0)
                    * p_limit.capacity / extract(epoch from p_limit.refills_in),
                6
            )
        ),
        p_limit.capacity
    );
end
$$;
comment on function tenancy.tokens_left(tenancy.rate_limits, tenancy.rate_limit_buckets, timestamptz) is
    'What a bucket holds at a time; a bucket that is not there is full.';


create function tenancy.refuse_until_refilled(p_limit tenancy.rate_limits, p_tokens numeric)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_window numeric := extract(epoch from p_limit.refills_in);
    v_retry_after integer := greatest(ceil((1 - p_tokens) * v_window / p_limit.capacity), 1);
begin
    perform tenancy.refuse(
        'rate_limited',
        format('%s Try again in %s %s.', p_limit.refusal, v_retry_after, case v_retry_after when 1 then 'second' else 'seconds' end),
        jsonb_build_object(
            'policy', p_limit.name,
            'limit', p_limit.capacity,
            'window', ceil(v_window),
            'remaining', 0,
            'retry_after', v_retry_after,
            'reset', greatest(ceil((p_limit.capacity - p_tokens) * v_window / p_limit.capacity), v_retry_after)
        )
    );
end
$$;
comment on function tenancy.refuse_until_refilled(tenancy.rate_limits, numeric) is
    'Raises rate_limited: {policy, limit, window, remaining, retry_after, reset}, in seconds; the next token is there after
retry_after, all of them after reset.';


create function tenancy.require_token(p_limit text, p_key text)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
    v_limit tenancy.rate_limits;
    v_bucket tenancy.rate_limit_buckets;
    v_tokens numeric;
begin
    select * into strict v_limit from tenancy.rate_limits as l where l.name = p_limit;
    select * into v_bucket from tenancy.rate_limit_buckets as b where b.limit_name = p_limit and b.key = p_key;
    v_tokens := tenancy.tokens_left(v_limit, v_bucket, clock_timestamp());
    if v_tokens < 1 then
        perform tenancy.refuse_until_refilled(v_limit, v_tokens);
    end if;
end
$$;
comment on function tenancy.require_token(text, text) is
    'Looks into a bucket, takes nothing and waits for nobody. Raises rate_limited when it is empty.';


create function tenancy.take_token(p_limit text, p_key text)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_limit tenancy.rate_limits;
begin
    select * into strict v_limit from tenancy.rate_limits as l where l.name = p_limit;
    -- One statement: the row lock makes those who come at once count one after the other, each from what the one before left.
    insert into tenancy.rate_limit_buckets as b (limit_name, key, tokens, updated_at)
    values (p_limit, p_key, v_limit.capacity - 1, clock_timestamp())
    on conflict (limit_name, key) do update
    set tokens = tenancy.tokens_left(v_limit, b, excluded.updated_at) - 1,
        updated_at = greatest(b.updated_at, excluded.updated_at)
    where tenancy.tokens_left(v_limit, b, excluded.updated_at) >= 1;
    if not found then
        perform tenancy.refuse_until_refilled(v_limit, tenancy.tokens_left(v_limit, b, clock_timestamp()))
        from tenancy.rate_limit_buckets as b
        where b.limit_name = p_limit and b.key = p_key;
    end if;
end
$$;
comment on function tenancy.take_token(text, text) is
    'Takes a token of a bucket, for whatever this transaction does. Raises rate_limited when it is empty.';


create function tenancy.take_invitation_tokens(p_organization_id uuid, p_email text)
returns void
language plpgsql
set search_path = ''
as $$
begin
    -- The organization's bucket first, always: whoever waits for the second one has the first.
    perform tenancy.take_token('invitations_per_organization', p_organization_id::text);
    if p_email is not null then
        perform tenancy.take_token('invitations_per_recipient', tenancy.to_mailbox(p_email));
    end if;
end
$$;
comment on function tenancy.take_invitation_tokens(uuid, text) is
    'Counts an invitation that an organization issues, and the mail that its recipient gets, whoever else writes to them.
Raises rate_limited.';


create function tenancy.attempt_buckets()
returns table (limit_name text, key text)
language sql stable
set search_path = ''
as $$
    -- Whoever's address is unknown shares no bucket with others of whom nothing is known either.
    select b.limit_name, b.key
    from (select auth.uid()::text as user_id, tenancy.to_address_key(tenancy.client_address()) as address) as caller
    cross join lateral (
        values
            (1, 'failed_attempts_per_user', caller.user_id),
            (2, 'failed_attempts_per_visitor', case when caller.user_id is null then caller.address end),
            (3, 'failed_attempts_per_address', caller.address)
    ) as b (position, limit_name, key)
    where b.key is not null
    order by b.position
$$;
comment on function tenancy.attempt_buckets() is
    'The buckets that the caller''s failed attempts are counted in, in the order in which they are taken from.';


create function tenancy.refuse_shaped_answer()
returns void
language plpgsql stable
set search_path = ''
as $$
begin
    -- The Data API lets a client filter and cast what a function answers. An expression that fails on a refusal, and only
    -- there, would take the count of the attempt back. Filters stand behind the function's name, casts are cast(…).
    if current_query() ~* '\mcast\s*\(' or current_query() ~* '\mas\s+"?(preview|accept|decline)_invitation"?\s+where\M' then
        perform tenancy.refuse('validation_failed', 'Ask for the answer as it is, without select and filters.');
    end if;
end
$$;
comment on function tenancy.refuse_shaped_answer() is
    'Raises validation_failed for a request of the Data API that filters or casts the answer of a function that counts attempts.';


create function tenancy.require_attempts_left()
returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
    perform tenancy.refuse_shaped_answer();
    perform tenancy.require_token(b.limit_name, b.key) from tenancy.attempt_buckets() as b;
end
$$;
comment on function tenancy.require_attempts_left() is
    'Before an invitation token is looked at. Whoever comes with a good one waits for no bucket. Raises rate_limited,
validation_failed.';


create function tenancy.failed_attempt(p_sqlstate text, p_message text, p_detail text, p_code text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
    -- Outside of a request there is no answer that could have a status.
    if p_code not in ('not_found', 'email_mismatch', 'email_not_verified')
        or nullif(current_setting('request.method', true), '') is null
    then
        raise exception using errcode = p_sqlstate, message = p_message, detail = p_detail, hint = p_code;
    end if;
    perform tenancy.take_token(b.limit_name, b.key) from tenancy.attempt_buckets() as b;
    perform set_config('response.status', substr(p_sqlstate, 3), true);
    return jsonb_build_object('code', p_sqlstate, 'message', p_message, 'details', p_detail, 'hint', p_code);
end
$$;
comment on function tenancy.failed_attempt(text, text, text, text) is
    'Counts an invitation token that was refused, and answers as if the refusal had been raised: raised, it would take the
count back. Raises rate_limited when a bucket is empty, and refusals that are not about a token.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.require_attempts_left(),
    tenancy.failed_attempt(text, text, text, text)
to anon, authenticated;
