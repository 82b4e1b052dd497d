-- What is kept of an organization that was purged: that it was, when, and how many rows of which table; signed, so that an
-- auditor can have it checked. Nothing in it says whose organization it was to somebody who does not know.

create table tenancy.deletion_records (
    organization_id uuid primary key,
    name_hash text not null,
    deleted_at timestamptz not null,
    purged_at timestamptz not null,
    removed jsonb not null,
    audit_head text,
    signature text not null,
    constraint deletion_records_removed_is_an_object check (jsonb_typeof(removed) = 'object')
);
comment on table tenancy.deletion_records is
    'Organizations that were purged. Append-only; tenancy.verify_deletion() checks a record, and that nothing is left.';
comment on column tenancy.deletion_records.name_hash is
    'SHA-256, as hex, of the id, a line feed and the name it had last: whoever knows both recognizes it.';
comment on column tenancy.deletion_records.removed is 'How many rows went, by table; what only hangs on such a row went with it uncounted.';
comment on column tenancy.deletion_records.audit_head is
    'The hash of the last entry of its audit log, which tells of the purge: the chain that an exported log is part of ended in it.';

insert into tenancy.secrets (name, value) values ('deletion_records', encode(extensions.gen_random_bytes(32), 'hex'));


create function tenancy.refuse_to_alter_records()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    raise exception using errcode = 'insufficient_privilege', message = 'Deletion records are append-only.';
end
$$;
comment on function tenancy.refuse_to_alter_records() is 'Keeps deletion records as they were written, for the database owner too. Raises 42501.';

create trigger refuse_to_alter_records before update or delete or truncate on tenancy.deletion_records
for each statement execute function tenancy.refuse_to_alter_records();
alter table tenancy.deletion_records enable always trigger refuse_to_alter_records;


create function tenancy.deletion_signature(p_record tenancy.deletion_records)
returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select encode(
            extensions.hmac(
                convert_to(
                    jsonb_build_array(
                        p_record.organization_id, p_record.name_hash, extract(epoch from p_record.deleted_at),
                        extract(epoch from p_record.purged_at), p_record.removed, p_record.audit_head
                    )::text,
                    'UTF8'
                ),
                convert_to(s.value, 'UTF8'),
                'sha256'
            ),
            'hex'
        )
        from tenancy.secrets as s
        where s.name = 'deletion_records'
    );
end
$$;
comment on function tenancy.deletion_signature(tenancy.deletion_records) is
    'HMAC-SHA256, as hex, of a JSON array of the record''s columns but the signature, as jsonb spells it, under the secret
deletion_records. Null without the secret.';


create function tenancy.record_deletion(p_organization_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
    v_record tenancy.deletion_records;
begin
    delete from tenancy.purges as p where p.organization_id = p_organization_id
    returning p.organization_id, p.name_hash, p.deleted_at, p.gone_at, p.removed, p.audit_head, null into v_record;
    v_record.signature := tenancy.deletion_signature(v_record);
    insert into tenancy.deletion_records values (v_record.*);
end
$$;
comment on function tenancy.record_deletion(uuid) is 'Ends a purge: its record takes its place.';


create function tenancy.verify_deletion(p_organization_id uuid)
returns table (object text, ok boolean, detail text)
language plpgsql stable
set search_path = ''
as $$
declare
    v_record tenancy.deletion_records;
    v_purge tenancy.purges;
begin
    select * into v_record from tenancy.deletion_records as d where d.organization_id = p_organization_id;
    object := 'tenancy.deletion_records';
    ok := coalesce(v_record.signature = tenancy.deletion_signature(v_record), false);
    detail := case
        when v_record.organization_id is null then 'there is no record'
        when not ok then 'the record is not as it was signed'
    end;
    return next;

    select * into v_purge from tenancy.purges as p where p.organization_id = p_organization_id;
    object := 'tenancy.purges';
    ok := v_purge.organization_id is null;
    detail := case when not ok then 'it is still being purged' || coalesce(': ' || v_purge.last_error, '') end;
    return next;

    return query
        select r.place, r.row_count = 0, case when r.row_count > 0 then format('%s rows', r.row_count) end
        from tenancy.remains(p_organization_id) as r;

    if to_regclass('storage.objects') is not null then
        object := 'storage.objects';
        execute 'select count(*) = 0, count(*) || '' files'' from storage.objects as f
            where f.bucket_id = ''branding'' and split_part(f.name, ''/'', 1) = $1::text'
        into ok, detail
        using p_organization_id;
        detail := case when not ok then detail end;
        return next;
    end if;
end
$$;
comment on function tenancy.verify_deletion(uuid) is
    'Proves that an organization was purged: that its record is as it was signed, for every column of the database that could
name an organization, that no row does, and where the project has Storage, that no logo is left. Reads only; for the database
owner.';


revoke execute on all functions in schema tenancy from public;
