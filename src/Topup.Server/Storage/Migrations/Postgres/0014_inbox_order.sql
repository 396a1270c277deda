-- What a provider said of one purchase, for whoever looks into it.
create index inbox_order on inbox (order_id) where order_id <> '';
