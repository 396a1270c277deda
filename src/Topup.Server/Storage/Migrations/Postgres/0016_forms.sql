-- Forms of the staff's pages that have made something, so that to send one again makes nothing more.
create table operator_forms (
    hash bytea not null primary key,
    made text collate "C" not null,
    made_at bigint not null
);

create index operator_forms_made_at on operator_forms (made_at);
