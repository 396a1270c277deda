using Topup.Domain.Tenancy;
using Topup.Server.Checkout;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Web.Admin.Search;

/// <summary>Whatever somebody has in hand of a tenant, a purchase or a key: the page that it belongs to.</summary>
internal sealed class PanelSearch(GetTenant tenant, ListTenants tenants, FindPurchase purchase, ListApiKeys keys)
{
    /// <summary>So much of a key is shown in lists.</summary>
    private const int PrefixLength = 8;

    private static readonly Paging Two = Paging.Read("2", null).Value;

    /// <summary>The address of the page; null: nothing is like that.</summary>
    public async Task<string?> Run(string typed, Caller caller, CancellationToken stop)
    {
        var words = typed.Trim();
        if (words.Length == 0) return null;
        if ((await tenant.Run(words, stop)).Problem is null) return "/admin/tenants/" + words;
        if (LedgerId.TryParse(words, out var ledger) && (await tenant.Run(ledger.Tenant, stop)).Problem is null) return $"/admin/tenants/{ledger.Tenant}/history?type={ledger.Type}";
        if (await purchase.Run(words, stop) is { } bought) return "/admin/purchases/" + bought.Id;
        if (caller.May(Scope.Keys) && words.Length >= PrefixLength && await HasKey(words[..PrefixLength], stop))
            return "/admin/api-keys?search=" + Uri.EscapeDataString(words[..PrefixLength]);
        var found = await tenants.Run(Two, only: null, new TenantSearch(Words: words), stop);
        if (found.Problem is not null) return null;
        return found.Value.Data switch
        {
            [] => null,
            [var only] => "/admin/tenants/" + only.Id,
            _ => "/admin/tenants?search=" + Uri.EscapeDataString(words),
        };
    }

    private async Task<bool> HasKey(string prefix, CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var page = await keys.Run(Paging.Read("1000", cursor).Value, only: null, stop);
            if (page.Data.Any(key => key.Prefix == prefix)) return true;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return false;
    }
}
