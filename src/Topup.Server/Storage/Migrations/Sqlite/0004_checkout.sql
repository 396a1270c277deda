-- Orders. What was bought, for how much, and how, is fixed when the row is written; the rest is how far it has come.
create table purchases (
    bucket bigint not null,
    tenant_id text not null,
    id text not null,
    status bigint not null,
    method text not null,
    pack text not null,
    title text not null,
    type text not null,
    credits bigint not null check (credits > 0),
    price bigint not null check (price >= 0),
    currency text not null,
    paid bigint not null check (paid >= 0),
    payments text not null,
    refunded bigint not null check (refunded >= 0),
    returned bigint not null check (returned >= 0),
    dispute bigint not null,
    disputed bigint not null check (disputed >= 0),
    surplus bigint not null check (surplus >= 0),
    surplus_credited bigint not null check (surplus_credited >= 0),
    lot_type text not null,
    lot bigint not null,
    granted bigint not null check (granted >= 0),
    claim_taken bigint not null check (claim_taken >= 0),
    claim_owed bigint not null check (claim_owed >= 0),
    claim_forgiven bigint not null check (claim_forgiven >= 0),
    dispute_hold bigint not null,
    review bigint not null,
    failure text not null,
    checkout text not null,
    checkout_url text not null,
    return_token text not null,
    saves_card bigint not null,
    auto_top_up text not null,
    key text not null,
    fingerprint bigint not null,
    open_slot text not null,
    reference text not null,
    actor text not null,
    payment_type text not null,
    payment bigint not null,
    return_url text not null,
    created_at bigint not null,
    expires_at bigint not null,
    paid_at bigint not null,
    check_at bigint not null,
    checks bigint not null,
    version bigint not null,
    primary key (bucket, tenant_id, id),
    check (refunded <= paid and returned <= paid),
    check (claim_taken + claim_owed + claim_forgiven <= granted)
) without rowid;

create unique index purchases_key on purchases (key, tenant_id, bucket) where key <> '';

-- The same thing is open once for a tenant: two tabs, double clicks and refreshes make one purchase.
create unique index purchases_open on purchases (open_slot, tenant_id, bucket) where open_slot <> '';
create index purchases_order on purchases (id);
create index purchases_return on purchases (return_token);
create index purchases_check on purchases (check_at) where check_at < 9223372036854775807;
create index purchases_paid on purchases (method, paid_at) where payments <> '';
create index purchases_review on purchases (id) where review <> 0;

-- Money that may be under way to a pool.
create index purchases_under_way on purchases (tenant_id, type, bucket) where status <= 3;

-- The provider's ids of the payments of an order, to find it by.
create table payments (
    bucket bigint not null,
    tenant_id text not null,
    method text not null,
    payment text not null,
    order_id text not null,
    primary key (bucket, tenant_id, method, payment)
) without rowid;

create index payments_payment on payments (payment, method);

-- What happened to a purchase, step by step, in words. Rows are written once and never change.
create table purchase_steps (
    bucket bigint not null,
    tenant_id text not null,
    order_id text not null,
    id text not null,
    at bigint not null,
    status bigint not null,
    words text not null,
    source text not null,
    primary key (bucket, tenant_id, order_id, id)
) without rowid;

create table refunds (
    bucket bigint not null,
    tenant_id text not null,
    order_id text not null,
    id text not null,
    amount bigint not null check (amount > 0),
    status bigint not null,
    provider_id text not null,
    payment text not null,
    failure text not null,
    reason text not null,
    key text not null,
    fingerprint bigint not null,
    actor text not null,
    created_at bigint not null,
    changed_at bigint not null,
    primary key (bucket, tenant_id, order_id, id)
) without rowid;

create unique index refunds_key on refunds (key, tenant_id, bucket) where key <> '';
create index refunds_open on refunds (created_at) where status = 0;

-- Notifications of providers as they came in, stored before they are answered, worked off afterwards.
create table inbox (
    id text not null primary key,
    method text not null,
    event text not null,
    type text not null,
    trusted bigint not null,
    query text not null,
    headers text not null,
    body blob not null,
    received_at bigint not null,
    status bigint not null,
    tries bigint not null,
    try_at bigint not null,
    tenant_id text not null,
    order_id text not null,
    note text not null
);

create unique index inbox_event on inbox (method, event) where event <> '';
create index inbox_due on inbox (try_at) where status = 0;

-- Cards that buyers agreed to save, by the provider's ids. One that was forgotten keeps its row, without the card.
create table saved_cards (
    bucket bigint not null,
    tenant_id text not null,
    method text not null,
    customer text not null,
    card text not null,
    brand text not null,
    last4 text not null,
    saved_at bigint not null,
    primary key (bucket, tenant_id, method)
) without rowid;

-- Who wants credits bought before they run out, within which limits, and how far that has come. Rule and state are JSON.
create table auto_top_ups (
    bucket bigint not null,
    tenant_id text not null,
    type text not null,
    rule text not null,
    state text not null,
    is_active bigint not null,
    check_at bigint not null,
    version bigint not null,
    primary key (bucket, tenant_id, type)
) without rowid;

-- What the sandbox was told to pretend.
create table sandbox_payments (
    bucket bigint not null,
    tenant_id text not null,
    order_id text not null,
    state text not null,
    paid bigint not null,
    currency text not null,
    refunds text not null,
    created_at bigint not null,
    primary key (bucket, tenant_id, order_id)
) without rowid;

-- Comparisons of what providers list with the purchases. Rows are written once and never change.
create table reconciliations (
    id text not null primary key,
    key text not null,
    fingerprint bigint not null,
    orphans bigint not null,
    report text not null
) without rowid;

create unique index reconciliations_key on reconciliations (key) where key <> '';

-- When the next is due, in Unix milliseconds.
insert into counters (name, value) values ('reconciliation', 0);
