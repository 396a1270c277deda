-- When tenants are warned, for all pools of a type: days of forecast and of expiry; -1: never.
alter table credit_types add column runway_days bigint not null default -1;
alter table credit_types add column expiring_days bigint not null default 7;

-- What a tenant wants instead; empty and -1: as the type says, 0: never. How many low marks are crossed, and what of the
-- forecast has been told.
alter table pools add column lows bigint not null default 0;
alter table pools add column forewarned bigint not null default 0;
alter table pools add column thresholds text not null default '';
alter table pools add column runway_days bigint not null default -1;
alter table pools add column expiring_days bigint not null default -1;

-- There was one mark so far.
update pools set lows = 1 where alert = 1;

create index pools_expiring on pools (tenant_id, type, bucket) where expiring_days > 0;

-- Whether it was told that the lot expires soon.
alter table lots add column expiry_told bigint not null default 0;

create index lots_expiring on lots (type, expires_at) where expiry_told = 0 and is_open = 1 and expires_at < 9223372036854775807;

-- What was sold in a span of days.
create index purchases_sold on purchases (paid_at) where granted > 0;

-- When forecasts are next looked at, in Unix milliseconds.
insert into counters (name, value) values ('forecast', 0);
