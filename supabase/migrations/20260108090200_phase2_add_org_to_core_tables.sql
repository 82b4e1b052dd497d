-- The tables that people work in all day. Any member creates; a member changes their own rows, a manager any.
--
-- Table by table: its index while people go on working, then protection, under a lock of its own for a moment. An index
-- that is built concurrently ends the transaction before it, so this file may be interrupted and run again at any point.

set max_parallel_maintenance_workers = 0;
select tenancy.drop_interrupted_indexes();


create index concurrently if not exists campaigns_organization_id_created_at_idx
on public.campaigns (organization_id, created_at desc);
select tenancy.protect(
    'public.campaigns',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists leads_organization_id_created_at_idx
on public.leads (organization_id, created_at desc);
select tenancy.protect(
    'public.leads',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists phone_numbers_organization_id_created_at_idx
on public.phone_numbers (organization_id, created_at desc);
select tenancy.protect(
    'public.phone_numbers',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'admin'
);


create index concurrently if not exists voice_broadcasts_organization_id_created_at_idx
on public.voice_broadcasts (organization_id, created_at desc);
select tenancy.protect(
    'public.voice_broadcasts',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);


create index concurrently if not exists workflows_organization_id_created_at_idx
on public.workflows (organization_id, created_at desc);
select tenancy.protect(
    'public.workflows',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);
