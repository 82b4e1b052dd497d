-- The cast of the tutorial and the tests. Everyone's password is `dial-smart-demo`.
--
-- Acme: alice owns it, adam is its admin, mona its manager, mia its member. Globex: bob owns it. Eve is signed up and
-- belongs nowhere.

insert into auth.users (
    id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data,
    confirmation_token, recovery_token, email_change, email_change_token_new, created_at, updated_at
)
select
    person.id::uuid,
    'authenticated',
    'authenticated',
    person.email,
    extensions.crypt('dial-smart-demo', extensions.gen_salt('bf')),
    now(),
    '{"provider": "email", "providers": ["email"]}',
    jsonb_build_object('full_name', person.full_name),
    '',
    '',
    '',
    '',
    now(),
    now()
from (
    values
        ('a11ce000-0000-4000-8000-000000000001', 'alice@acme.test', 'Alice Archer'),
        ('ada00000-0000-4000-8000-000000000002', 'adam@acme.test', 'Adam Abbott'),
        ('30aa0000-0000-4000-8000-000000000003', 'mona@acme.test', 'Mona Marsh'),
        ('31a00000-0000-4000-8000-000000000004', 'mia@acme.test', 'Mia Mercer'),
        ('b0b00000-0000-4000-8000-000000000005', 'bob@globex.test', 'Bob Barker'),
        ('e7e00000-0000-4000-8000-000000000006', 'eve@nowhere.test', 'Eve Ellis')
) as person (id, email, full_name);

-- The auth server of a hosted project looks people up by an instance; the local one has no such column.
do $$
begin
    if exists (
        select from information_schema.columns as c
        where c.table_schema = 'auth' and c.table_name = 'users' and c.column_name = 'instance_id'
    ) then
        update auth.users set instance_id = '00000000-0000-0000-0000-000000000000' where instance_id is null;
    end if;
end
$$;

insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
select
    gen_random_uuid(),
    'email',
    u.id::text,
    u.id,
    jsonb_build_object('sub', u.id, 'email', u.email, 'email_verified', true),
    now(),
    now(),
    now()
from auth.users as u
where u.email in (
    'alice@acme.test',
    'adam@acme.test',
    'mona@acme.test',
    'mia@acme.test',
    'bob@globex.test',
    'eve@nowhere.test'
);


insert into public.organizations (id, name, slug, subscription_tier, subscription_status, owner_email, contact_phone, timezone)
values
    (
        'ac3e0000-0000-4000-8000-000000000001', 'Acme', 'acme', 'professional', 'active',
        'alice@acme.test', '+12125550100', 'America/New_York'
    ),
    (
        '910be000-0000-4000-8000-000000000002', 'Globex', 'globex', 'basic', 'trial',
        'bob@globex.test', '+442079460100', 'Europe/London'
    );

insert into public.organization_users (organization_id, user_id, role)
select
    o.id,
    u.id,
    member.role::public.organization_role
from (
    values
        ('acme', 'alice@acme.test', 'owner'),
        ('acme', 'adam@acme.test', 'admin'),
        ('acme', 'mona@acme.test', 'manager'),
        ('acme', 'mia@acme.test', 'member'),
        ('globex', 'bob@globex.test', 'owner')
) as member (slug, email, role)
inner join public.organizations as o on o.slug = member.slug
inner join auth.users as u on u.email = member.email;


insert into public.campaigns (organization_id, user_id, name, description, status, timezone)
select
    o.id,
    u.id,
    campaign.name,
    campaign.description,
    campaign.status,
    o.timezone
from (
    values
        ('acme', 'mona@acme.test', 'Spring renewals', 'Customers whose plan ends in May', 'active'),
        ('acme', 'mia@acme.test', 'Trade fair follow-up', 'Everyone who left a card in Chicago', 'draft'),
        ('acme', 'alice@acme.test', 'Win back', 'Quiet for a year', 'paused'),
        ('globex', 'bob@globex.test', 'Boiler service 2026', 'Yearly service reminders', 'active'),
        ('globex', 'bob@globex.test', 'New tariffs', 'Existing customers, London area', 'draft')
) as campaign (slug, email, name, description, status)
inner join public.organizations as o on o.slug = campaign.slug
inner join auth.users as u on u.email = campaign.email;

insert into public.leads (organization_id, user_id, phone_number, first_name, last_name, email, company, status, lead_source)
select
    o.id,
    u.id,
    lead.phone_number,
    lead.first_name,
    lead.last_name,
    lead.email,
    lead.company,
    lead.status,
    lead.lead_source
from (
    values
        ('acme', 'mia@acme.test', '+13125550111', 'Nora', 'Nash', 'nora@initech.example', 'Initech', 'new', 'trade fair'),
        ('acme', 'mia@acme.test', '+13125550112', 'Omar', 'Ortiz', 'omar@hooli.example', 'Hooli', 'contacted', 'trade fair'),
        ('acme', 'mona@acme.test', '+12125550113', 'Pia', 'Park', 'pia@umbrella.example', 'Umbrella', 'qualified', 'website'),
        ('acme', 'mona@acme.test', '+12125550114', 'Quinn', 'Quist', null, 'Stark', 'new', 'referral'),
        ('globex', 'bob@globex.test', '+442079460111', 'Ruth', 'Rowe', 'ruth@wayne.example', 'Wayne', 'new', 'website'),
        ('globex', 'bob@globex.test', '+442079460112', 'Sam', 'Shaw', null, null, 'contacted', 'phone'),
        ('globex', 'bob@globex.test', '+442079460113', 'Tess', 'Todd', 'tess@tyrell.example', 'Tyrell', 'new', 'referral')
) as lead (slug, email_of_owner, phone_number, first_name, last_name, email, company, status, lead_source)
inner join public.organizations as o on o.slug = lead.slug
inner join auth.users as u on u.email = lead.email_of_owner;
