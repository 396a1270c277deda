-- The operator's staff. Who was invited and has not come yet has no password.
create table operators (
    id text not null primary key,
    email text not null unique,
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
) without rowid;

-- Of a token only the SHA-256 is kept. Rows stay for a while after their end: they say which networks an operator has come from.
create table operator_sessions (
    id text not null primary key,
    hash blob not null unique,
    operator_id text not null,
    created_at bigint not null,
    seen_at bigint not null,
    confirmed_at bigint not null,
    ended_at bigint not null,
    address text not null,
    network text not null,
    user_agent text not null
) without rowid;

create index operator_sessions_operator on operator_sessions (operator_id, created_at);

-- Tokens that work once. Without an operator they make an owner.
create table operator_links (
    hash blob not null primary key,
    purpose bigint not null,
    operator_id text not null,
    expires_at bigint not null
) without rowid;

create table operator_recovery_codes (
    operator_id text not null,
    hash blob not null,
    primary key (operator_id, hash)
) without rowid;

-- By account or by network, of which only a hash is kept.
create table sign_in_failures (
    name text not null primary key,
    failures bigint not null,
    last_at bigint not null,
    free_at bigint not null
) without rowid;

-- A link to a tenant's portal, and the session it was opened to. They are found by their tokens, of which only the SHA-256 is kept.
create table portal_sessions (
    id text not null primary key,
    link_hash blob not null unique,
    link_until bigint not null,
    hash blob not null,
    tenant_id text not null,
    scopes bigint not null,
    locale text not null,
    theme text not null,
    return_url text not null,
    embed_origin text not null,
    made_by text not null,
    opened_at bigint not null,
    seen_at bigint not null
) without rowid;

create unique index portal_sessions_hash on portal_sessions (hash) where opened_at > 0;
create index portal_sessions_made_by on portal_sessions (made_by);

-- Whoever changes the staff locks this row, so that the last owner stays.
insert into counters (name, value) values ('operators', 0);
