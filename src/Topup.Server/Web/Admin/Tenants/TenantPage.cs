using Microsoft.AspNetCore.Components;
using Topup.Contracts;
using Topup.Server.Tenancy;

namespace Topup.Server.Web.Admin.Tenants;

/// <summary>One of the pages about one tenant.</summary>
public abstract class TenantPage : StaffPage
{
    [Parameter] public string Id { get; set; } = "";

    [Inject] internal GetTenant Get { get; set; } = null!;

    /// <summary>Null: there is none of this id.</summary>
    internal TenantView? Tenant { get; private set; }

    /// <summary>The address of a page about the tenant; empty: the first.</summary>
    internal string PathOf(string page = "") => "/admin/tenants/" + Id + (page.Length > 0 ? "/" + page : "");

    /// <summary>Reads what the page shows, once the tenant is known to be there.</summary>
    private protected virtual Task LoadPage() => Task.CompletedTask;

    protected sealed override async Task Load()
    {
        var found = await Get.Run(Id, Stop);
        if (found.Problem is not null)
        {
            NotFound();
            return;
        }
        Tenant = found.Value;
        await LoadPage();
    }
}
