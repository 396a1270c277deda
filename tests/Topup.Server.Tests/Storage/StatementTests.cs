using Shouldly;
using Topup.Server.Storage;
using Xunit;

namespace Topup.Server.Tests.Storage;

public sealed class StatementTests
{
    [Theory]
    [InlineData(
        "select t.x from {rows} join t on t.k = r.k order by t.k {lock:t}",
        "select t.x from (select unnest($1::bigint[]) as k, unnest($2::text[]) as v) as r join t on t.k = r.k order by t.k for update of t",
        "select t.x from (select 1) as r cross join t on t.k = ?1")]
    [InlineData(
        "select t.x from {rows} left join t on t.k = r.k",
        "select t.x from (select unnest($1::bigint[]) as k, unnest($2::text[]) as v) as r left join t on t.k = r.k",
        "select t.x from (select 1) as r left join t on t.k = ?1")]
    [InlineData(
        "select t.x from {rows} join {each:things t} on t.k = r.k and t.x > 0",
        "select t.x from (select unnest($1::bigint[]) as k, unnest($2::text[]) as v) as r cross join lateral (select * from things t where t.k = r.k and t.x > 0 offset 0) as t",
        "select t.x from (select 1) as r cross join things t on t.k = ?1 and t.x > 0")]
    [InlineData(
        "select t.x from {rows}, t where t.k = r.k",
        "select t.x from (select unnest($1::bigint[]) as k, unnest($2::text[]) as v) as r, t where t.k = r.k",
        "select t.x from t where t.k = ?1")]
    [InlineData(
        "update t set v = r.v from {rows} where t.k = r.k",
        "update t set v = r.v from (select unnest($1::bigint[]) as k, unnest($2::text[]) as v) as r where t.k = r.k",
        "update t set v = ?2  where t.k = ?1")]
    [InlineData(
        "insert into t(k, v) select r.k, r.v from {rows} where true on conflict (k) do nothing",
        "insert into t(k, v) select r.k, r.v from (select unnest($1::bigint[]) as k, unnest($2::text[]) as v) as r where true on conflict (k) do nothing",
        "insert into t(k, v) select ?1, ?2  where true on conflict (k) do nothing")]
    public void Each_database_gets_the_statement_in_its_own_words(string sql, string postgres, string sqlite)
    {
        var statement = new Statement(sql, Column.Long("k"), Column.Text("v"));

        Dialect.Postgres.Expand(statement).ShouldBe(postgres);
        Dialect.Sqlite.Expand(statement).ShouldBe(sqlite);
    }

    [Fact]
    public void A_statement_without_rows_or_with_an_unknown_column_is_refused()
    {
        Should.Throw<ArgumentException>(() => new Statement("select 1", Column.Long("k")));
        Should.Throw<ArgumentException>(() => new Statement("select r.other from {rows}", Column.Long("k")));
    }

    [Fact]
    public void A_row_with_too_few_too_many_or_wrong_values_is_refused()
    {
        var statement = new Statement("select r.k, r.v from {rows}", Column.Long("k"), Column.Text("v"));

        Should.Throw<InvalidOperationException>(() => new Rows(statement).Add().Long(1).Add());
        Should.Throw<InvalidOperationException>(() => new Rows(statement).Add().Long(1).Text("a").Text("b"));
        Should.Throw<InvalidOperationException>(() => new Rows(statement).Add().Text("a"));
        Should.Throw<ArgumentNullException>(() => new Rows(statement).Add().Long(1).Text(null!));
    }
}
