-- The tables that people work in all day. Any member creates; a member changes their own rows, a manager any.

select tenancy.lock_tables(
    'auth.users', 'public.campaigns', 'public.leads', 'public.phone_numbers', 'public.voice_broadcasts',
    'public.workflows'
);

select tenancy.protect(
    'public.campaigns',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.leads',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.phone_numbers',
    p_read_role => 'member', p_create_role => 'manager', p_update_role => 'manager', p_delete_role => 'admin'
);

select tenancy.protect(
    'public.voice_broadcasts',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);

select tenancy.protect(
    'public.workflows',
    p_read_role => 'member', p_create_role => 'member', p_update_role => 'manager', p_delete_role => 'manager',
    p_own_rows => '{update}'
);
