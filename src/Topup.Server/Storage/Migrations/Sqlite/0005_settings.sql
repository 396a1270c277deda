-- What the operator has set, as JSON; empty: nothing yet.
create table settings (
    name text not null primary key,
    value text not null,
    updated_at bigint not null
) without rowid;

-- Encrypted; the key is never in the database.
create table secrets (
    name text not null primary key,
    value blob not null,
    updated_at bigint not null
) without rowid;

-- Rows are written once and never change. Numbers come from the counter, under its lock, in the transaction of their row.
create table receipts (
    bucket bigint not null,
    tenant_id text not null,
    order_id text not null,
    number bigint not null,
    issued_at bigint not null,
    snapshot text not null,
    primary key (bucket, tenant_id, order_id)
) without rowid;

insert into counters (name, value) values ('receipt', 0);
