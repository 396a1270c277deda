create table tenants (
    bucket bigint not null,
    tenant_id text not null,
    plan text not null,
    status bigint not null,
    renewal_day bigint not null,
    period_number bigint not null,
    period_start bigint not null,
    period_end bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    primary key (bucket, tenant_id)
) without rowid;

create index tenants_plan on tenants (plan) where plan <> '';

-- The only table that knows who a tenant is.
create table contacts (
    bucket bigint not null,
    tenant_id text not null,
    name text not null,
    email text not null,
    phone text not null,
    locale text not null,
    primary key (bucket, tenant_id)
) without rowid;

create table api_keys (
    id text not null primary key,
    name text not null,
    hash blob not null unique,
    prefix text not null,
    scopes text not null,
    tenant_id text not null,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint not null,
    last_used_at bigint not null
);

-- Rows are written once and never change.
create table audit (
    id text not null primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    target text not null,
    tenant_id text not null,
    before text not null,
    after text not null,
    reason text not null
);

create index audit_tenant on audit (tenant_id, id) where tenant_id <> '';

create table credit_types (
    code text not null primary key,
    name text not null,
    unit text not null,
    decimals bigint not null,
    enabled bigint not null,
    channel text not null,
    campaign_pool text not null,
    needs_active_plan bigint not null,
    currency text not null,
    debt_limit bigint not null,
    low_percent bigint not null,
    low_amount bigint not null
);

create table plans (
    code text not null primary key,
    name text not null,
    allowances text not null,
    top_up text not null,
    rollover text not null
);

create table packs (
    code text not null primary key,
    type text not null,
    name text not null,
    description text not null,
    price bigint not null,
    currency text not null,
    credits bigint not null,
    active bigint not null,
    plans text not null,
    custom text not null
);

-- Counts the changes of what servers keep in memory; whoever changes it locks its row first.
create table versions (
    name text not null primary key,
    number bigint not null
);

insert into versions (name, number) values ('catalog', 0);
