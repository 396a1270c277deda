using System.Text;
using Topup.Domain.Imports;
using Topup.Domain.Tenancy;

namespace Topup.Server.Web.Admin.Imports;

/// <summary>Files to begin with: the header of each kind, and a row that shows how it is meant.</summary>
internal static class ImportTemplates
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Add(app, ImportKind.Tenants, "acme,Acme Ltda,,active,1,ana@example.com,+5511998765432,pt-BR");
        Add(app, ImportKind.Grants, "acme,sms,100,import,Moved from the old system,order-1,,,2027-12-31T23:59:59Z");
    }

    private static void Add(IEndpointRouteBuilder app, ImportKind kind, string row)
    {
        var name = ImportKinds.NameOf(kind);
        var file = Encoding.UTF8.GetBytes($"{string.Join(',', ImportColumns.Of(kind).Select(column => column.Name))}\r\n{row}\r\n");
        app.MapGet($"/admin/imports/{name}.csv", () => Results.Bytes(file, "text/csv; charset=utf-8", name + "-template.csv"))
            .WithMetadata(new StaffPageAttribute(Scope.Read)).ExcludeFromDescription();
    }
}
