-- Rules: when an event happens, actions are done. What a rule says stands in its versions, for a run goes on as it began. Only
-- events behind the position since concern it.
create table workflows (
    code text collate "C" not null primary key,
    version bigint not null,
    event text collate "C" not null,
    enabled bigint not null,
    since bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);

create table workflow_versions (
    workflow text collate "C" not null,
    version bigint not null,
    settings text not null,
    primary key (workflow, version)
);

-- A rule and one event. Until free_at nobody goes on with it but who holds the lease. What the event says stands in the outbox;
-- to whom and what was sent stands nowhere.
create table workflow_runs (
    id text collate "C" not null primary key,
    workflow text collate "C" not null,
    version bigint not null,
    event text collate "C" not null,
    bucket bigint not null,
    tenant_id text collate "C" not null,
    type text collate "C" not null,
    position bigint not null,
    status bigint not null,
    reason text not null,
    action bigint not null,
    actions bigint not null,
    tries bigint not null,
    due_at bigint not null,
    lease text not null,
    free_at bigint not null,
    created_at bigint not null,
    changed_at bigint not null
);

create unique index workflow_runs_event on workflow_runs (workflow, event);
create index workflow_runs_position on workflow_runs (workflow, position);
create index workflow_runs_due on workflow_runs (due_at) where status = 0;
create index workflow_runs_done on workflow_runs (created_at) where status > 0;

create table workflow_run_actions (
    run text collate "C" not null,
    number bigint not null,
    kind text not null,
    status bigint not null,
    attempts bigint not null,
    attempted_at bigint not null,
    reason text not null,
    primary key (run, number)
);

-- How far the weekly statements are: the Monday of the week, and the last tenant that was told. Week 0: nobody has looked yet.
create table statement_progress (
    name text collate "C" not null primary key,
    week bigint not null,
    bucket bigint not null,
    tenant_id text collate "C" not null,
    done bigint not null
);

insert into statement_progress (name, week, bucket, tenant_id, done) values ('weekly', 0, -1, '', 1);

-- Up to which position events have become runs.
insert into counters (name, value) select 'workflows', value from counters where name = 'outbox';
