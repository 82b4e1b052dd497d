-- An organization claims the e-mail domain of its people and proves by a TXT record that it holds it. Only a verified
-- domain lets anybody join (joining_by_domain), and a verified domain is one organization's until it gives it up.

-- Where anybody gets an address: nobody speaks for all who have one there. Operators add what their users meet.
create table tenancy.public_mail_domains (
    domain text primary key,
    constraint public_mail_domains_domain_is_a_name check (tenancy.is_domain(domain))
);
comment on table tenancy.public_mail_domains is
    'Domains whose addresses anybody can have. No organization can claim them or what is below them; operators can add more.';

insert into tenancy.public_mail_domains (domain)
select distinct unnest(string_to_array(regexp_replace(btrim($list$
    gmail.com googlemail.com
    outlook.com outlook.at outlook.be outlook.cl outlook.co.id outlook.co.il outlook.co.th outlook.com.ar outlook.com.au
    outlook.com.br outlook.com.gr outlook.com.tr outlook.com.vn outlook.cz outlook.de outlook.dk outlook.es outlook.fr
    outlook.hu outlook.ie outlook.in outlook.it outlook.jp outlook.kr outlook.lv outlook.my outlook.ph outlook.pt
    outlook.sa outlook.sg outlook.sk
    hotmail.com hotmail.be hotmail.ca hotmail.ch hotmail.co.jp hotmail.co.nz hotmail.co.th hotmail.co.uk hotmail.com.ar
    hotmail.com.au hotmail.com.br hotmail.com.mx hotmail.com.tr hotmail.de hotmail.dk hotmail.es hotmail.fi hotmail.fr
    hotmail.gr hotmail.it hotmail.nl hotmail.no hotmail.se
    live.com live.at live.be live.ca live.ch live.cl live.cn live.co.uk live.co.za live.com.ar live.com.au live.com.mx
    live.com.pt live.com.sg live.de live.dk live.fi live.fr live.ie live.in live.it live.jp live.nl live.no live.ru
    live.se
    msn.com passport.com windowslive.com
    yahoo.com yahoo.at yahoo.be yahoo.bg yahoo.ca yahoo.ch yahoo.cl yahoo.cn yahoo.co.id yahoo.co.il yahoo.co.in
    yahoo.co.jp yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br
    yahoo.com.cn yahoo.com.co yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw
    yahoo.com.vn yahoo.cz yahoo.de yahoo.dk yahoo.es yahoo.fi yahoo.fr yahoo.gr yahoo.hu yahoo.ie yahoo.in yahoo.it
    yahoo.jp yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se ymail.com rocketmail.com myyahoo.com
    icloud.com me.com mac.com privaterelay.appleid.com
    proton.me protonmail.com protonmail.ch pm.me passmail.net tuta.com tuta.io tutanota.com tutanota.de tutamail.com
    keemail.me hey.com fastmail.com fastmail.fm fastmail.net fastmail.org hushmail.com hush.com mailfence.com disroot.org
    riseup.net posteo.de posteo.net posteo.at posteo.ch mailbox.org startmail.com runbox.com ctemplar.com skiff.com
    duck.com mozmail.com simplelogin.com simplelogin.io anonaddy.com addy.io
    aol.com aol.co.uk aol.de aol.fr aol.it aim.com verizon.net att.net sbcglobal.net bellsouth.net comcast.net xfinity.com
    cox.net charter.net spectrum.net earthlink.net frontier.com windstream.net juno.com netzero.net roadrunner.com rr.com
    optonline.net centurylink.net embarqmail.com q.com
    gmx.com gmx.de gmx.net gmx.at gmx.ch gmx.fr gmx.es gmx.us gmx.co.uk web.de freenet.de t-online.de arcor.de
    vodafonemail.de online.de 1und1.de email.de mail.de kabelmail.de
    mail.com email.com usa.com post.com europe.com engineer.com consultant.com writeme.com techie.com cheerful.com
    dr.com myself.com iname.com inbox.com lycos.com excite.com rediffmail.com rediff.com indiatimes.com sify.com
    zoho.com zohomail.com zohomail.eu zohomail.in
    qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net 139.com 189.cn sina.com sina.cn sohu.com aliyun.com 21cn.com
    tom.com wo.cn naver.com hanmail.net daum.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
    mail.ru bk.ru inbox.ru list.ru internet.ru yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru rambler.ru
    lenta.ru ukr.net i.ua meta.ua
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr aliceadsl.fr
    libero.it virgilio.it tin.it tiscali.it alice.it tim.it iol.it inwind.it email.it
    btinternet.com btopenworld.com talktalk.net sky.com virginmedia.com ntlworld.com blueyonder.co.uk o2.co.uk
    terra.com terra.com.br terra.es uol.com.br bol.com.br ig.com.br globo.com globomail.com telefonica.net
    ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hetnet.nl telenet.be skynet.be proximus.be bluewin.ch hispeed.ch
    sunrise.ch a1.net aon.at chello.at
    seznam.cz email.cz centrum.cz centrum.sk azet.sk wp.pl o2.pl onet.pl interia.pl op.pl gazeta.pl freemail.hu
    citromail.hu abv.bg mail.bg telia.com bredband.net comhem.se online.no walla.co.il walla.com
    sympatico.ca rogers.com shaw.ca telus.net videotron.ca bigpond.com bigpond.net.au optusnet.com.au iinet.net.au
    xtra.co.nz
    mailinator.com guerrillamail.com guerrillamail.net sharklasers.com 10minutemail.com temp-mail.org tempmail.com
    yopmail.com yopmail.fr trashmail.com trashmail.de getnada.com maildrop.cc dispostable.com mintemail.com mohmal.com
    throwawaymail.com fakeinbox.com mailnesia.com spamgourmet.com emailondeck.com byom.de wegwerfemail.de
$list$, e' \n'), '\s+', ' ', 'g'), ' '));


create function tenancy.is_public_mail_domain(p_domain text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
    return exists (
        select 1 from tenancy.public_mail_domains as m
        where p_domain = m.domain or right(p_domain, length(m.domain) + 1) = '.' || m.domain
    );
end
$$;
comment on function tenancy.is_public_mail_domain(text) is 'Whether anybody can have an address at a domain, or at one above it.';


create table public.organization_domains (
    id uuid primary key default gen_random_uuid(),
    organization_id uuid not null references public.organizations (id) on delete cascade,
    domain text not null,
    join_mode text not null default 'approval',
    -- Two random uuids carry 244 bits. Not a secret: it is published in the DNS.
    verification_token text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
    verified_at timestamptz,
    created_by uuid references auth.users (id) on delete set null,
    created_at timestamptz not null default now(),
    constraint organization_domains_domain_is_a_name check (tenancy.is_domain(domain)),
    constraint organization_domains_join_mode_is_known check (join_mode in ('automatic', 'approval')),
    constraint organization_domains_are_claimed_once unique (organization_id, domain)
);
alter table public.organization_domains enable row level security;
alter table public.organization_domains force row level security;
-- Claims are free: only a proof takes a domain, so that nobody blocks it for those who hold it.
create unique index organization_domains_are_verified_once on public.organization_domains (domain)
where verified_at is not null;
create index organization_domains_created_idx on public.organization_domains (organization_id, created_at, id);
create index organization_domains_created_by_idx on public.organization_domains (created_by);
comment on table public.organization_domains is
    'Which e-mail domains an organization claims, whether it has proven to hold them, and how their people may join.';

insert into tenancy.spanning_tables (table_schema, table_name, reason, read_rule) values
    (
        'public', 'organization_domains', 'admins see those of all their organizations',
        'organization_id = any ((select tenancy.member_organization_ids(''admin''))::uuid[])'
    );


create function tenancy.check_domain()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
    if tenancy.is_public_mail_domain(new.domain) then
        perform tenancy.refuse(
            'validation_failed', 'Anybody can have an address at this domain, so nobody can claim it.',
            '{"errors": [{"pointer": "/domain", "code": "public_mail_domain", "message": "Is a public mail domain."}]}'
        );
    end if;
    -- A proof is about one name.
    if tg_op = 'UPDATE' and new.domain <> old.domain then
        new.verified_at := null;
        new.verification_token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    end if;
    return new;
end
$$;
comment on function tenancy.check_domain() is
    'Refuses public mail domains, whoever writes; takes back the proof of a domain that gets another name. Raises validation_failed.';

create trigger check_domain before insert or update of domain on public.organization_domains
for each row execute function tenancy.check_domain();


create function tenancy.record_domain()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
    v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - array['verification_token', 'created_at'] end;
    v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - array['verification_token', 'created_at'] end;
begin
    if tenancy.entries_are_held() or not exists (
        -- The organization itself is being removed.
        select 1 from public.organizations as o where o.id = coalesce(new.organization_id, old.organization_id)
    ) then
        return null;
    end if;
    perform tenancy.record(
        coalesce(new.organization_id, old.organization_id),
        case
            when tg_op = 'INSERT' then 'domain.claimed'
            when tg_op = 'DELETE' then 'domain.removed'
            when old.verified_at is null and new.verified_at is not null then 'domain.verified'
            else 'domain.changed'
        end,
        'domain',
        coalesce(new.id, old.id),
        case when tg_op = 'UPDATE' then tenancy.differences(v_old, v_new) else v_old end,
        case when tg_op = 'UPDATE' then tenancy.differences(v_new, v_old) else v_new end
    );
    return null;
end
$$;
comment on function tenancy.record_domain() is 'Writes the entry of a change to a claim.';

create trigger record_domain after insert or update or delete on public.organization_domains
for each row execute function tenancy.record_domain();


create function tenancy.to_proof_record(p_name text, p_token text)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return jsonb_build_object(
        'type', 'TXT', 'name', '_dial-smart.' || p_name, 'value', 'dial-smart-verification=' || p_token
    );
end
$$;
comment on function tenancy.to_proof_record(text, text) is 'The DNS record by which somebody proves to hold a name.';


create function tenancy.to_domain(p_domain public.organization_domains)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return to_jsonb(p_domain) - 'verification_token' || jsonb_build_object(
        'record', tenancy.to_proof_record(p_domain.domain, p_domain.verification_token)
    );
end
$$;
comment on function tenancy.to_domain(public.organization_domains) is
    'A claim as an admin reads it, with the DNS record that proves it.';


create function tenancy.require_domain(p_organization_id uuid, p_domain_id uuid)
returns public.organization_domains
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_domain public.organization_domains;
begin
    select * into v_domain from public.organization_domains as d
    where d.id = p_domain_id and d.organization_id = p_organization_id;
    if not found then
        perform tenancy.refuse('not_found', 'There is no such domain.');
    end if;
    return v_domain;
end
$$;
comment on function tenancy.require_domain(uuid, uuid) is 'A claim of an organization. Raises not_found.';


create function tenancy.claim_domain(p_organization_id uuid, p_domain text, p_join_mode text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_domain public.organization_domains;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    insert into public.organization_domains (organization_id, domain, join_mode, created_by)
    values (p_organization_id, lower(btrim(p_domain)), p_join_mode, auth.uid())
    on conflict on constraint organization_domains_are_claimed_once do nothing
    returning * into v_domain;
    if not found then
        perform tenancy.refuse('conflict', 'This organization has claimed this domain already.');
    end if;
    return jsonb_build_object('domain', tenancy.to_domain(v_domain));
end
$$;
comment on function tenancy.claim_domain(uuid, text, text) is 'See public.claim_domain().';


create function tenancy.list_domains(p_organization_id uuid, p_page_limit integer, p_page_cursor text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_role public.organization_role := tenancy.require_role(p_organization_id, 'admin', p_for_write => false);
    v_limit integer := tenancy.require_page_limit(p_page_limit);
    v_after record := tenancy.from_cursor(p_page_cursor);
begin
    return (
        select tenancy.to_page(
            'domains', v_limit,
            array_agg(p.item order by p.time, p.id), array_agg(p.time order by p.time, p.id), array_agg(p.id order by p.time, p.id)
        )
        from (
            select tenancy.to_domain(d) as item, d.created_at as time, d.id as id
            from public.organization_domains as d
            where d.organization_id = p_organization_id
                and (d.created_at, d.id) > (v_after.after_time, v_after.after_id)
            order by d.created_at, d.id
            limit v_limit + 1
        ) as p
    );
end
$$;
comment on function tenancy.list_domains(uuid, integer, text) is 'See public.list_domains().';


create function tenancy.domain_to_verify(p_organization_id uuid, p_domain_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
    perform tenancy.require_role(p_organization_id, 'admin');
    return jsonb_build_object('domain', tenancy.to_domain(tenancy.require_domain(p_organization_id, p_domain_id)));
end
$$;
comment on function tenancy.domain_to_verify(uuid, uuid) is 'See public.domain_to_verify().';


create function tenancy.proves_name(p_id uuid, p_name text, p_token text, p_proof text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
    -- When the record was looked up, the SHA-256 of the value that was found, and who says so.
    v_parts text[] := regexp_match(p_proof, '^([0-9]{10})\.([0-9a-f]{64})\.([0-9a-f]{64})$');
begin
    return v_parts is not null
        -- A proof says that it was so then: an old one says nothing about today.
        and to_timestamp(v_parts[1]::bigint) between now() - interval '5 minutes' and now() + interval '1 minute'
        and v_parts[2] = encode(sha256(convert_to('dial-smart-verification=' || p_token, 'UTF8')), 'hex')
        and tenancy.is_signed_by_functions(
            concat_ws(e'\n', 'domain-proof', p_id, p_name, v_parts[2], v_parts[1]), v_parts[3]
        );
end
$$;
comment on function tenancy.proves_name(uuid, text, text, text) is
    'Whether the functions say that they found a claim''s own record in the DNS within the last five minutes. The id is that of
the claim: a proof is about one claim and one name.';


create function tenancy.verify_domain(p_organization_id uuid, p_domain_id uuid, p_proof text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_domain public.organization_domains;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_domain := tenancy.require_domain(p_organization_id, p_domain_id);
    if not coalesce(
        tenancy.proves_name(v_domain.id, v_domain.domain, v_domain.verification_token, p_proof), false
    ) then
        perform tenancy.refuse('forbidden', 'That is no proof: a domain is verified by the functions, which look for its record themselves.');
    elsif tenancy.is_public_mail_domain(v_domain.domain) then
        perform tenancy.refuse('conflict', 'Anybody can have an address at this domain, so nobody can claim it.');
    end if;
    -- Nothing changes for one that is verified. Of two organizations that prove the same domain at once, the index lets one.
    update public.organization_domains as d set verified_at = now()
    where d.id = v_domain.id and d.verified_at is null
    returning * into v_domain;
    if not found then
        v_domain := tenancy.require_domain(p_organization_id, p_domain_id);
    end if;
    return jsonb_build_object('domain', tenancy.to_domain(v_domain));
exception when unique_violation then
    perform tenancy.refuse('conflict', 'Another organization has verified this domain. It stays theirs until they remove it.');
end
$$;
comment on function tenancy.verify_domain(uuid, uuid, text) is 'See public.verify_domain().';


create function tenancy.update_domain(p_organization_id uuid, p_domain_id uuid, p_join_mode text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_domain public.organization_domains;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_domain := tenancy.require_domain(p_organization_id, p_domain_id);
    update public.organization_domains as d set join_mode = p_join_mode where d.id = v_domain.id returning * into v_domain;
    return jsonb_build_object('domain', tenancy.to_domain(v_domain));
end
$$;
comment on function tenancy.update_domain(uuid, uuid, text) is 'See public.update_domain().';


create function tenancy.remove_domain(p_organization_id uuid, p_domain_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
    v_domain public.organization_domains;
    v_ended bigint;
begin
    perform tenancy.require_role_to_change(p_organization_id, 'admin');
    v_domain := tenancy.require_domain(p_organization_id, p_domain_id);
    -- What rests on the domain ends with it, in the same transaction; members stay members.
    with ended as (
        update tenancy.join_requests as r set outcome = 'ended', decided_at = now()
        where r.organization_id = p_organization_id and r.domain = v_domain.domain and r.outcome is null
        returning 1
    )
    select count(*) into v_ended from ended;
    delete from public.organization_domains as d where d.id = v_domain.id;
    return jsonb_build_object('domain', tenancy.to_domain(v_domain), 'ended', jsonb_build_object('join_requests', v_ended));
end
$$;
comment on function tenancy.remove_domain(uuid, uuid) is 'See public.remove_domain().';


create function public.claim_domain(organization_id uuid, domain text, join_mode text default 'approval')
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.claim_domain(organization_id, domain, join_mode)));
end
$$;
comment on function public.claim_domain(uuid, text, text) is
    'Claims an e-mail domain, whose people may join once it is verified: "automatic", or on "approval". Admins and above.
{domain}, with the DNS record that proves it. Raises unauthenticated, not_found, forbidden, organization_suspended,
validation_failed (no domain name, or a public mail domain), conflict (claimed by this organization already).';


create function public.list_domains(organization_id uuid, page_limit integer default 50, page_cursor text default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return tenancy.list_domains(organization_id, page_limit, page_cursor);
end
$$;
comment on function public.list_domains(uuid, integer, text) is
    'The domains that an organization has claimed, oldest first; admins and above. {domains, next_cursor}.
Raises unauthenticated, not_found, forbidden, validation_failed.';


create function public.domain_to_verify(organization_id uuid, domain_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    -- Who verifies asks this first: a retry is answered here, without another look into the DNS.
    return coalesce(tenancy.replayed(), tenancy.domain_to_verify(organization_id, domain_id));
end
$$;
comment on function public.domain_to_verify(uuid, uuid) is
    'The claim whose record the functions are to look for; admins and above. {domain}. Raises unauthenticated, not_found,
forbidden, organization_suspended.';


create function public.verify_domain(organization_id uuid, domain_id uuid, proof text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return coalesce(tenancy.replayed(), tenancy.kept(tenancy.verify_domain(organization_id, domain_id, proof)));
end
$$;
comment on function public.verify_domain(uuid, uuid, text) is
    'Verifies a claim by the functions'' signed word that its record is in the DNS; admins and above. {domain}. Raises
unauthenticated, not_found, forbidden (also for what is no proof), organization_suspended, conflict (another organization
has verified this domain).';


create function public.update_domain(organization_id uuid, domain_id uuid, join_mode text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.update_domain(organization_id, domain_id, join_mode);
end
$$;
comment on function public.update_domain(uuid, uuid, text) is
    'Changes how people of a domain join; admins and above. {domain}. Raises unauthenticated, not_found, forbidden,
organization_suspended, validation_failed.';


create function public.remove_domain(organization_id uuid, domain_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
    return tenancy.remove_domain(organization_id, domain_id);
end
$$;
comment on function public.remove_domain(uuid, uuid) is
    'Gives a domain up: nobody joins by it any more, what was asked for ends, and others can verify it. Members stay. Admins
and above. {domain, ended: {join_requests}}. Raises unauthenticated, not_found, forbidden, organization_suspended.';


revoke execute on all functions in schema tenancy from public;
grant execute on function
    tenancy.claim_domain(uuid, text, text),
    tenancy.list_domains(uuid, integer, text),
    tenancy.domain_to_verify(uuid, uuid),
    tenancy.verify_domain(uuid, uuid, text),
    tenancy.update_domain(uuid, uuid, text),
    tenancy.remove_domain(uuid, uuid)
to authenticated;

revoke execute on function
    public.claim_domain(uuid, text, text),
    public.list_domains(uuid, integer, text),
    public.domain_to_verify(uuid, uuid),
    public.verify_domain(uuid, uuid, text),
    public.update_domain(uuid, uuid, text),
    public.remove_domain(uuid, uuid)
from public, anon, authenticated, service_role;
grant execute on function
    public.claim_domain(uuid, text, text),
    public.list_domains(uuid, integer, text),
    public.domain_to_verify(uuid, uuid),
    public.verify_domain(uuid, uuid, text),
    public.update_domain(uuid, uuid, text),
    public.remove_domain(uuid, uuid)
to authenticated;

revoke all on public.organization_domains from public, anon, authenticated, service_role;
grant select on public.organization_domains to authenticated;
grant select, insert, update, delete on public.organization_domains to service_role;

create policy organization_domains_select on public.organization_domains for select to authenticated
using (organization_id = any ((select tenancy.member_organization_ids('admin'))::uuid[]));
