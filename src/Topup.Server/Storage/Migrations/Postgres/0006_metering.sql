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

-- How many limits the tenant has: with none there is nothing to load.
alter table tenants add column limits bigint not null default 0;

-- A limit of a tenant or of one of its subjects, and how much of it is used in the window that began last.
create table limits (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    code text collate "C" not null,
    subject text not null,
    usage_type text not null,
    type text not null,
    kind bigint not null,
    per bigint not null,
    amount bigint not null check (amount >= 0),
    until bigint not null,
    window_start bigint not null,
    used bigint not null check (used >= 0),
    told bigint not null,
    primary key (bucket, tenant_id, code)
);

-- What was used, by day of the operator's time zone, kept in the transaction of each use. Amounts are in smallest units,
-- costs in millionths of the operator's currency.
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
