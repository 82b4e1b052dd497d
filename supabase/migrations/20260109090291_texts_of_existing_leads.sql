-- Texts of the leads that were there before, while people go on working: by now each new or changed lead brings its own.
-- The job indexes them; on a big system `select tenancy.index_leads(1000000)` does not wait for it.

insert into tenancy.lead_texts (organization_id, listed_at, lead_id, text)
select l.organization_id, t.listed_at, l.id, t.text
from public.leads as l
cross join lateral tenancy.to_lead_text(l) as t
on conflict do nothing;

-- One that was deleted in the meantime has no text either.
delete from tenancy.lead_texts as t
where not exists (select 1 from public.leads as l where l.id = t.lead_id);
