-- Numbers that are counted up under a lock.
create table counters(
    name  text   not null primary key,
    value bigint not null
) without rowid;

insert into counters(name, value) values ('outbox', 0);

-- News of every change, written in its transaction with position 0 and numbered once it is committed.
create table outbox(
    bucket    bigint not null,
    tenant_id text   not null,
    id        text   not null,
    type      text   not null,
    at        bigint not null,
    payload   text   not null,
    position  bigint not null default 0,
    primary key (bucket, tenant_id, id)
);

create index outbox_unsequenced on outbox(at, id) where position = 0;
create index outbox_position on outbox(position) where position > 0;
