create table purchases (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    status text not null,
    method text not null,
    pack text not null,
    type text collate "C" not null,
    credits bigint not null check (credits > 0),
    price bigint not null check (price >= 0),
    currency text not null,
    lot bigint not null,
    payment_type text not null,
    payment bigint not null,
    reference text not null,
    created_at bigint not null,
    primary key (bucket, tenant_id, id)
);
