using System.Globalization;
using CsvHelper;
using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Tenancy;

/// <summary>All tenants that a search finds as one file. Rows come as they are read.</summary>
internal sealed class TenantsCsv(ListTenants tenants, TenantSearch search, string? only) : IResult
{
    // A text that a spreadsheet would run as a formula gets a quote before it; numbers stay numbers.
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape };

    private static readonly string[] Titles =
        ["id", "name", "plan", "status", "renewal_day", "period_starts_at", "period_ends_at", "email", "phone", "locale", "created_at", "updated_at"];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var stop = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/csv; charset=utf-8";
        httpContext.Response.Headers.ContentDisposition = "attachment; filename=\"tenants.csv\"";
        await using var csv = CsvWriter.Create(httpContext.Response.Body, Options, leaveOpen: true);
        csv.WriteHeader(Titles);
        var paging = new Paging(Paging.LimitMax, "");
        Page<TenantView> page;
        do
        {
            var found = await tenants.Run(paging, only, search, stop);
            if (found.Problem is not null) return;
            page = found.Value;
            foreach (var tenant in page.Data)
            {
                Write(csv, tenant);
                await csv.EndRecordAsync(stop);
            }
            if (page.Data is [.., var last]) paging = paging with { After = last.Id };
        }
        while (page.NextCursor is not null);
    }

    private static void Write(CsvWriter csv, TenantView tenant)
    {
        foreach (var text in (ReadOnlySpan<string?>)[tenant.Id, tenant.Name, tenant.Plan, tenant.Status]) csv.WriteField(text);
        csv.WriteField(tenant.RenewalDay);
        csv.WriteField(Time(tenant.Period.StartsAt));
        csv.WriteField(Time(tenant.Period.EndsAt));
        foreach (var text in (ReadOnlySpan<string?>)[tenant.Email, tenant.Phone, tenant.Locale]) csv.WriteField(text);
        csv.WriteField(Time(tenant.CreatedAt));
        csv.WriteField(Time(tenant.UpdatedAt));
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
