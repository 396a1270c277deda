-- Optional features with a price a month, in smallest units of the type that pays.
create table addons (
    code text not null primary key,
    type text not null,
    name text not null,
    description text not null,
    price bigint not null check (price > 0),
    active bigint not null,
    plans text not null
);

-- How tenants stand with them. Days are since 1970-01-01 in the operator's time zone.
create table tenant_addons (
    bucket bigint not null,
    tenant_id text not null,
    addon text not null,
    type text not null,
    status bigint not null,
    paid_from bigint not null,
    paid_until bigint not null,
    cycle_days bigint not null,
    price bigint not null check (price >= 0),
    entry bigint not null,
    used bigint not null check (used >= 0),
    used_until bigint not null,
    enabled_at bigint not null,
    grace_until bigint not null,
    purchase text not null,
    due_at bigint not null,
    is_unpaid bigint not null,
    seen_entry bigint not null,
    seen_tenant bigint not null,
    seen_purchase bigint not null,
    version bigint not null,
    primary key (bucket, tenant_id, addon)
) without rowid;

-- The next moment at which time alone changes it.
create index tenant_addons_due on tenant_addons (due_at) where due_at < 9223372036854775807;

-- Those that wait for credits: looked at whenever what they wait for has changed.
create index tenant_addons_unpaid on tenant_addons (bucket, tenant_id, addon) where is_unpaid = 1;

create index tenant_addons_addon on tenant_addons (addon) where status > 0;

-- What was answered to a key, so that the same request gets the same reply.
create table addon_replies (
    bucket bigint not null,
    tenant_id text not null,
    key text not null,
    fingerprint bigint not null,
    reply text not null,
    at bigint not null,
    primary key (bucket, tenant_id, key)
) without rowid;
