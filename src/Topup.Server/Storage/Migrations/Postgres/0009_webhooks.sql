-- Where events are sent to; an empty tenant: those of all. Only events behind the position since concern it. Until free_at
-- nobody sends to it but who holds the lease; an empty lease: it rests after a failure.
create table webhook_endpoints (
    id text collate "C" not null primary key,
    url text not null,
    events text not null,
    description text not null,
    enabled bigint not null,
    tenant text collate "C" not null,
    allow_private bigint not null,
    since bigint not null,
    disabled_reason bigint not null,
    failing_since bigint not null,
    old_secret_until bigint not null,
    lease text not null,
    free_at bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);

-- An event on its way to an endpoint. What it says stands in the outbox.
create table webhook_deliveries (
    endpoint text collate "C" not null,
    event text collate "C" not null,
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    position bigint not null,
    status bigint not null,
    tries bigint not null,
    attempts bigint not null,
    due_at bigint not null,
    created_at bigint not null,
    attempted_at bigint not null,
    duration_ms bigint not null,
    last_status bigint not null,
    last_error text not null,
    reply text not null,
    primary key (endpoint, event)
);

create index webhook_deliveries_due on webhook_deliveries (endpoint, due_at, position) where status = 0;
create index webhook_deliveries_position on webhook_deliveries (endpoint, position);
create index webhook_deliveries_done on webhook_deliveries (created_at) where status > 0;

-- Up to which position events have become deliveries.
insert into counters (name, value) select 'webhooks', value from counters where name = 'outbox';
