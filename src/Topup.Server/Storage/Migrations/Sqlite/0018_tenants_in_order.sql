-- Tenants in the order of their ids: a page of usage reads only those that stand on it.
create index tenants_id on tenants (tenant_id, bucket);
