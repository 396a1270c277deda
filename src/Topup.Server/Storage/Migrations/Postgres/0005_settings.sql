-- What the operator has set, as JSON; empty: nothing yet.
create table settings (
    name text collate "C" not null primary key,
    value text not null,
    updated_at bigint not null
);

-- Encrypted; the key is never in the database.
create table secrets (
    name text collate "C" not null primary key,
    value bytea not null,
    updated_at bigint not null
);

-- Rows are written once and never change. Numbers come from the counter, under its lock, in the transaction of their row.
create table receipts (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    order_id text collate "C" not null,
    number bigint not null,
    issued_at bigint not null,
    snapshot text not null,
    primary key (bucket, tenant_id, order_id)
);

insert into counters (name, value) values ('receipt', 0);
