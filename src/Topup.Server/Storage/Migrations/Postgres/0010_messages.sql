-- Messages on their way, each to one recipient. quantity: segments or messages that were held for; due_at: when time alone
-- changes it.
create table messages (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    channel text collate "C" not null,
    campaign bigint not null,
    status bigint not null,
    reason text not null,
    driver text not null,
    provider_id text not null,
    attempts bigint not null,
    type text collate "C" not null,
    hold bigint not null,
    held bigint not null check (held >= 0),
    quantity bigint not null,
    per_segment bigint not null,
    charged bigint not null,
    reference text not null,
    fingerprint bigint not null,
    actor text not null,
    created_at bigint not null,
    changed_at bigint not null,
    due_at bigint not null,
    version bigint not null,
    primary key (bucket, tenant_id, id)
) with (fillfactor = 80);

create index messages_due on messages (channel, due_at) where due_at < 9223372036854775807;

create index messages_list on messages (bucket, tenant_id, created_at, id);

create index messages_of_channel on messages (bucket, tenant_id, channel, created_at);

-- To whom, and what: the only place of either, and not for long.
create table message_contents (
    bucket bigint not null,
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    recipient text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    delete_at bigint not null,
    primary key (bucket, tenant_id, id)
);

create index message_contents_old on message_contents (delete_at);

-- What sends. Its secret stands sealed among the secrets.
create table message_drivers (
    slug text collate "C" not null primary key,
    kind text collate "C" not null,
    channel text collate "C" not null,
    priority bigint not null,
    enabled bigint not null,
    settings text not null,
    updated_at bigint not null
);
