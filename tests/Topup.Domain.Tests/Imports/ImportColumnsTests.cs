using Shouldly;
using Topup.Domain.Imports;
using Xunit;

namespace Topup.Domain.Tests.Imports;

public sealed class ImportColumnsTests
{
    [Theory]
    [InlineData(ImportKind.Tenants, "id,name,plan", ImportHeaderProblem.None, "")]
    [InlineData(ImportKind.Tenants, " ID , Name,PLAN,locale", ImportHeaderProblem.None, "")]
    [InlineData(ImportKind.Tenants, "id,name", ImportHeaderProblem.Missing, "plan")]
    [InlineData(ImportKind.Tenants, "name,plan", ImportHeaderProblem.Missing, "id")]
    [InlineData(ImportKind.Tenants, "id,name,plan,e-mail", ImportHeaderProblem.Unknown, "e-mail")]
    [InlineData(ImportKind.Tenants, "id,name,plan,name", ImportHeaderProblem.Twice, "name")]
    [InlineData(ImportKind.Tenants, "id,name,plan,", ImportHeaderProblem.Unknown, "")]
    [InlineData(ImportKind.Tenants, "id,name,plan,status,renewal_day,period_starts_at,period_ends_at,email,phone,locale,created_at,updated_at", ImportHeaderProblem.None, "")]
    [InlineData(ImportKind.Tenants, "id,name,plan,import_line,import_code,import_problem", ImportHeaderProblem.None, "")]
    [InlineData(ImportKind.Grants, "tenant,type,amount", ImportHeaderProblem.None, "")]
    [InlineData(ImportKind.Grants, "tenant,credit_type,amount", ImportHeaderProblem.None, "")]
    [InlineData(ImportKind.Grants, "tenant,type,amount,credit_type", ImportHeaderProblem.Twice, "type")]
    [InlineData(ImportKind.Grants, "tenant,type", ImportHeaderProblem.Missing, "amount")]
    [InlineData(ImportKind.Grants, "tenant,type,amount,created_at", ImportHeaderProblem.Unknown, "created_at")]
    public void A_header_names_the_columns_of_its_kind(ImportKind kind, string titles, ImportHeaderProblem problem, string column)
    {
        var header = ImportColumns.Read(kind, titles.Split(','));
        (header.Problem, header.Column).ShouldBe((problem, column));
    }

    [Fact]
    public void Columns_are_found_wherever_they_stand()
    {
        var header = ImportColumns.Read(ImportKind.Grants, ["amount", "import_line", "type", "tenant"]);
        header.Places.ShouldBe([3, 2, 0, -1, -1, -1, -1, -1, -1]);
    }

    [Theory]
    [InlineData("'+5511998765432", "+5511998765432")]
    [InlineData("'=1+1", "=1+1")]
    [InlineData("'@home", "@home")]
    [InlineData("'-5", "-5")]
    [InlineData("'tis", "'tis")]
    [InlineData("'", "'")]
    [InlineData("  Acme ", "Acme")]
    [InlineData("", "")]
    public void A_cell_is_read_as_it_was_meant(string cell, string meant) => ImportColumns.Meant(cell).ShouldBe(meant);
}
