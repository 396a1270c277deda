-- The operator's staff. Who was invited and has not come yet has no password.
create table operators (
    id text collate "C" not null primary key,
    email text collate "C" not null unique,
    name text not null,
    role bigint not null,
    enabled bigint not null,
    password text not null,
    second_factor bigint not null,
    code_step bigint not null,
    locale text not null,
    theme text not null,
    created_at bigint not null,
    updated_at bigint not null,
    signed_in_at bigint not null
);

-- Of a token only the SHA-256 is kept. Rows stay for a while after their end: they say which networks an operator has come from.
create table operator_sessions (
    id text collate "C" not null primary key,
    hash bytea not null unique,
    operator_id text collate "C" not null,
    created_at bigint not null,
    seen_at bigint not null,
    confirmed_at bigint not null,
    ended_at bigint not null,
    address text not null,
    network text not null,
    user_agent text not null
);

create index operator_sessions_operator on operator_sessions (operator_id, created_at);

-- Tokens that work once. Without an operator they make an owner.
create table operator_links (
    hash bytea not null primary key,
    purpose bigint not null,
    operator_id text collate "C" not null,
    expires_at bigint not null
);

create table operator_recovery_codes (
    operator_id text collate "C" not null,
    hash bytea not null,
    primary key (operator_id, hash)
);

-- By account or by network, of which only a hash is kept.
create table sign_in_failures (
    name text collate "C" not null primary key,
    failures bigint not null,
    last_at bigint not null,
    free_at bigint not null
);

-- A link to a tenant's portal, and the session it was opened to. They are found by their tokens, of which only the SHA-256 is kept.
create table portal_sessions (
    id text collate "C" not null primary key,
    link_hash bytea not null unique,
    link_until bigint not null,
    hash bytea not null,
    tenant_id text collate "C" not null,
    scopes bigint not null,
    locale text not null,
    theme text not null,
    return_url text not null,
    embed_origin text not null,
    made_by text not null,
    opened_at bigint not null,
    seen_at bigint not null
);

create unique index portal_sessions_hash on portal_sessions (hash) where opened_at > 0;
create index portal_sessions_made_by on portal_sessions (made_by);

-- Whoever changes the staff locks this row, so that the last owner stays.
insert into counters (name, value) values ('operators', 0);
