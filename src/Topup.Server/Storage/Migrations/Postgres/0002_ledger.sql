-- One row a pool. No index on a changing column, and room on the page, so that an update stays on it (HOT).
create table pools (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    period bigint not null,
    resets_at bigint not null,
    allowance_limit bigint not null,
    rolled_over bigint not null check (rolled_over >= 0),
    allowance_used bigint not null check (allowance_used >= 0),
    allowance_held bigint not null check (allowance_held >= 0),
    earlier_held bigint not null check (earlier_held >= 0),
    purchased bigint not null check (purchased >= 0),
    held bigint not null check (held >= 0),
    debt bigint not null check (debt >= 0),
    open_lots bigint not null check (open_lots >= 0),
    open_holds bigint not null check (open_holds >= 0),
    alert bigint not null,
    refill_mark bigint not null,
    last_entry bigint not null,
    entries bigint not null,
    primary key (bucket, tenant_id, type)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);

create table lots (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    id bigint not null,
    source bigint not null,
    priority bigint not null,
    effective_at bigint not null,
    expires_at bigint not null,
    granted bigint not null check (granted > 0),
    remaining bigint not null check (remaining >= 0),
    held bigint not null check (held >= 0),
    drawn bigint not null check (drawn >= 0),
    expired bigint not null check (expired >= 0),
    taken_back bigint not null check (taken_back >= 0),
    owed bigint not null check (owed >= 0),
    active bigint not null,
    voided bigint not null,
    is_open bigint not null,
    due_at bigint not null,
    primary key (bucket, tenant_id, type, id),
    check (granted = remaining + held + drawn + expired + taken_back)
) with (fillfactor = 70);

create index lots_open on lots (tenant_id, type, bucket) where is_open = 1;

-- The next moment at which time alone changes the lot: it takes effect, or it expires.
create index lots_due on lots (due_at) where due_at < 9223372036854775807;

create table holds (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    id bigint not null,
    amount bigint not null check (amount > 0),
    draw text not null,
    expires_at bigint not null,
    placed_at bigint not null,
    status bigint not null,
    captured bigint not null check (captured >= 0),
    primary key (bucket, tenant_id, type, id)
) with (fillfactor = 70);

create index holds_open on holds (tenant_id, type, expires_at, bucket) where status = 0;
create index holds_due on holds (expires_at) where status = 0;

-- History. Rows are written once and never change.
create table entries (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    id bigint not null,
    type text collate "C" not null,
    previous bigint not null,
    kind bigint not null,
    asked bigint not null,
    amount bigint not null check (amount >= 0),
    draw text not null,
    allowance_before bigint not null,
    purchased_before bigint not null,
    held_before bigint not null,
    debt_before bigint not null,
    allowance_after bigint not null check (allowance_after >= 0),
    purchased_after bigint not null check (purchased_after >= 0),
    held_after bigint not null check (held_after >= 0),
    debt_after bigint not null check (debt_after >= 0),
    unlimited bigint not null,
    resets_at bigint not null,
    related bigint not null,
    expires_at bigint not null,
    at bigint not null,
    key text collate "C" not null,
    fingerprint bigint not null,
    actor text not null,
    reference text not null,
    subject text not null,
    usage_type text not null,
    reason text not null,
    primary key (bucket, tenant_id, id, type)
);

-- The key comes first, so that keys that grow with time (such as UUIDs of version 7) are appended, not scattered.
create unique index entries_key on entries (key, tenant_id, bucket) where key <> '';

-- Where the history of a pool may be entered, for a database that walks it entry by entry. Here the primary key of entries does that.
create table entry_marks (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    id bigint not null,
    primary key (bucket, tenant_id, type, id)
);

-- How much of an entry has been given back.
create table reversals (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    entry bigint not null,
    reversed bigint not null check (reversed > 0),
    primary key (bucket, tenant_id, type, entry)
);

create table verifications (
    id text collate "C" not null primary key,
    started_at bigint not null,
    finished_at bigint not null,
    report text not null
);
