-- Recipients that get no more messages, of one tenant or, with '', of all. recipient: a keyed hash of channel and recipient,
-- so that the list says of nobody who is on it; masked: enough of it for people who know it anyway.
create table suppressions (
    recipient text collate "C" not null,
    tenant_id text collate "C" not null,
    channel text collate "C" not null,
    masked text not null,
    cause bigint not null,
    reason text not null,
    created_at bigint not null,
    primary key (recipient, tenant_id)
);

create index suppressions_list on suppressions (created_at);

-- What messages of one kind say, with names in braces. template: JSON.
create table message_templates (
    code text collate "C" not null primary key,
    channel text collate "C" not null,
    template text not null,
    updated_at bigint not null
);

-- A text that the provider keeps, and what it is filled with: JSON.
alter table message_contents add column content_sid text not null default '';
alter table message_contents add column content_variables text not null default '';

-- The operator's list over all tenants, and in it what somebody must look after.
create index messages_all on messages (created_at);

create index messages_unknown on messages (created_at) where status = 2;
