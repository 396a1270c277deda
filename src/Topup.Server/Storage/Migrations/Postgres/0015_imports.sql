-- Files of many tenants or grants, and how far each is. The totals are what the grants of the file come to, by credit type.
create table imports (
    id text collate "C" not null primary key,
    kind bigint not null,
    status bigint not null,
    key text collate "C" not null,
    fingerprint bigint not null,
    totals text not null,
    large bigint not null,
    row_count bigint not null,
    done bigint not null,
    failed bigint not null,
    actor text collate "C" not null,
    created_at bigint not null,
    started_at bigint not null,
    ended_at bigint not null,
    forgotten bigint not null
);

create unique index imports_key on imports (key);
create index imports_open on imports (status) where status < 3;
create index imports_kept on imports (ended_at) where forgotten = 0;

-- The rows of a file, some at a time. Until free_at nobody goes on with them but who holds the lease. The rows of a part that is done
-- are forgotten at once, but for those that failed.
create table import_parts (
    import text collate "C" not null,
    number bigint not null,
    status bigint not null,
    lease text not null,
    free_at bigint not null,
    content text not null,
    primary key (import, number)
);

create index import_parts_due on import_parts (import, number) where status < 2;

create table import_failures (
    import text collate "C" not null,
    line bigint not null,
    cells text not null,
    code text not null,
    problem text not null,
    primary key (import, line)
);
