-- What all tenants used, and what they were refused, on days that are over: the sums of usage_by_day and of usage_refusals, so
-- that an answer about all tenants need not read a row of each.
create table usage_totals (
    day bigint not null,
    type text collate "C" not null,
    usage_type text collate "C" not null,
    uses bigint not null,
    allowance bigint not null,
    purchased bigint not null,
    debt bigint not null,
    returned bigint not null,
    cost bigint not null,
    primary key (day, type, usage_type)
);

create table refusal_totals (
    day bigint not null,
    type text collate "C" not null,
    usage_type text collate "C" not null,
    reason text collate "C" not null,
    refused bigint not null,
    asked bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (day, type, usage_type, reason)
);

-- The last day up to which they are complete; 0: none is. A batch that still counts on such a day takes it back.
insert into versions (name, number) values ('usage_totals', 0);

-- Tenants by name and by age: a page of them must not read all.
create index contacts_name on contacts (lower(name), tenant_id);
create index tenants_created on tenants (created_at, tenant_id);
