-- What uses cost, by plan and date. A card that has begun never changes.
create table rate_cards (
    code text collate "C" not null primary key,
    plan text collate "C" not null,
    effective_from bigint not null,
    rates text not null,
    unknown text not null
);

-- What a credit costs the operator, in millionths of the operator's currency.
alter table credit_types add column unit_cost bigint not null default 0;

-- How many uses an entry is of, and the price of one in smallest units; both 0: the caller said how many credits. And what it
-- cost the operator, in millionths of the operator's currency.
alter table entries add column quantity bigint not null default 0;
alter table entries add column rate bigint not null default 0;
alter table entries add column cost bigint not null default 0;

-- What a hold was placed for, so that what ends it counts as the same use. unit_cost: -1, the credit type says it; seconds: 0,
-- no limit of time. A use may be free, and so may a hold.
alter table holds add column subject text not null default '';
alter table holds add column usage_type text not null default '';
alter table holds add column quantity bigint not null default 0;
alter table holds add column rate bigint not null default 0;
alter table holds add column unit_cost bigint not null default -1;
alter table holds add column seconds bigint not null default 0;
alter table holds drop constraint holds_amount_check;
alter table holds add check (amount >= 0);

-- The tenant's limits, and how much of each is used in the window that began last; empty: none. They stand in the row that every
-- change of the tenant locks and reads anyway.
alter table tenants add column limits text not null default '';
alter table tenants set (fillfactor = 80);

-- What was used, by day of the operator's time zone, kept in the transaction of each use. Amounts are in smallest units,
-- costs in millionths of the operator's currency. It is read as usage_by_day.
create table usage_days (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    day bigint not null,
    type text collate "C" not null,
    usage_type text collate "C" not null,
    subject text collate "C" not null,
    uses bigint not null,
    allowance bigint not null,
    purchased bigint not null,
    debt bigint not null,
    returned bigint not null,
    cost bigint not null,
    primary key (bucket, tenant_id, day, type, usage_type, subject)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);

create index usage_days_day on usage_days (day);

-- The line of usage_days that a pool used last is kept in the pool's own row, which each use writes anyway, until another day,
-- usage type or subject comes.
alter table pools add column day bigint not null default 0;
alter table pools add column day_usage_type text not null default '';
alter table pools add column day_subject text not null default '';
alter table pools add column day_uses bigint not null default 0;
alter table pools add column day_allowance bigint not null default 0;
alter table pools add column day_purchased bigint not null default 0;
alter table pools add column day_debt bigint not null default 0;
alter table pools add column day_returned bigint not null default 0;
alter table pools add column day_cost bigint not null default 0;

create view usage_by_day as
    select bucket, tenant_id, day, type, usage_type, subject, uses, allowance, purchased, debt, returned, cost from usage_days
    union all
    select bucket, tenant_id, day, type, day_usage_type, day_subject, day_uses, day_allowance, day_purchased, day_debt, day_returned, day_cost
    from pools where day <> 0;

-- What was refused, by day and reason.
create table usage_refusals (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    day bigint not null,
    type text collate "C" not null,
    usage_type text collate "C" not null,
    subject text collate "C" not null,
    reason text collate "C" not null,
    refused bigint not null,
    asked bigint not null,
    first_at bigint not null,
    last_at bigint not null,
    primary key (bucket, tenant_id, day, type, usage_type, subject, reason)
);

create index usage_refusals_day on usage_refusals (day);

-- Entries from before there was usage by day are not counted in it; 0: there were none.
insert into versions (name, number) select 'usage_from', coalesce(max(e.at) + 1, 0) from entries e;
