using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Spends credits: allowance first, purchased second, never below zero. A shortage is an answer, not an exception.</summary>
    /// <param name="idempotencyKey">The use has one effect for this key, however often it is sent. Null: a new one for this call and its retries.</param>
    public Task<ConsumeReply> ConsumeCredits(ConsumeRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/consume", request, TopupJson.Default.ConsumeRequest, TopupJson.Default.ConsumeReply, idempotencyKey, stop);

    /// <summary>Up to 1,000 uses, each with its own key and its own answer, in the order of the request.</summary>
    public Task<ConsumeBatchReply> ConsumeBatch(ConsumeBatchRequest request, CancellationToken stop = default) =>
        Ask("/v1/consume/batch", request, TopupJson.Default.ConsumeBatchRequest, TopupJson.Default.ConsumeBatchReply, stop);

    /// <summary>Whether a use would be allowed, and if not, what would make it possible. Nothing is spent.</summary>
    public Task<CheckReply> CheckCredits(ConsumeRequest request, CancellationToken stop = default) =>
        Ask("/v1/check", request, TopupJson.Default.ConsumeRequest, TopupJson.Default.CheckReply, stop);

    /// <summary>Sets credits aside before the work is done. A shortage is an answer, not an exception.</summary>
    public Task<HoldReply> PlaceHold(HoldRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/holds", request, TopupJson.Default.HoldRequest, TopupJson.Default.HoldReply, idempotencyKey, stop);

    /// <summary>One hold.</summary>
    public Task<HoldView> GetHold(string hold, CancellationToken stop = default) =>
        Get($"/v1/holds/{Segment(hold)}", TopupJson.Default.HoldView, stop);

    /// <summary>Ends a hold with what the work really took: less, the same or more.</summary>
    public Task<CaptureReply> CaptureHold(string hold, CaptureRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change($"/v1/holds/{Segment(hold)}/capture", request, TopupJson.Default.CaptureRequest, TopupJson.Default.CaptureReply, idempotencyKey, stop);

    /// <summary>Ends a hold without any use.</summary>
    public Task<ReleaseReply> ReleaseHold(string hold, string? idempotencyKey = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, $"/v1/holds/{Segment(hold)}/release", null, KeyHeader, idempotencyKey ?? NewKey()),
        mayRepeat: true, TopupJson.Default.ReleaseReply, stop);

    /// <summary>A tenant's holds.</summary>
    /// <param name="type">Only of this credit type.</param>
    /// <param name="status">Only <c>open</c>, <c>captured</c>, <c>released</c> or <c>expired</c> ones.</param>
    public IAsyncEnumerable<HoldView> ListHolds(string tenant, string? type = null, string? status = null, CancellationToken stop = default) =>
        All((cursor, within) => ListHoldsPage(tenant, type, status, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListHolds"/>.</summary>
    public Task<Page<HoldView>> ListHoldsPage(
        string tenant, string? type = null, string? status = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/holds", ("type", type), ("status", status), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageHoldView, stop);

    /// <summary>Sets a limit of a tenant or of one of its subjects, or changes it.</summary>
    /// <param name="reason">For the audit.</param>
    public Task<LimitView> SaveLimit(string tenant, string code, LimitRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/tenants/{Segment(tenant)}/limits/{Segment(code)}", request, TopupJson.Default.LimitRequest, TopupJson.Default.LimitView, reason, stop);

    /// <summary>A tenant's limits, and what is left of each now.</summary>
    public async Task<IReadOnlyList<LimitView>> ListLimits(string tenant, CancellationToken stop = default) =>
        (await Get($"/v1/tenants/{Segment(tenant)}/limits", TopupJson.Default.PageLimitView, stop).ConfigureAwait(false)).Data;

    /// <summary>Takes a limit away.</summary>
    /// <param name="reason">For the audit.</param>
    public Task DeleteLimit(string tenant, string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/tenants/{Segment(tenant)}/limits/{Segment(code)}", reason, stop);

    /// <summary>Gives a use back to where it came from, wholly or in part.</summary>
    public Task<ReversalReply> ReverseEntry(ReversalRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/reversals", request, TopupJson.Default.ReversalRequest, TopupJson.Default.ReversalReply, idempotencyKey, stop);

    /// <summary>Gives credits, or money to a tenant's balance.</summary>
    public Task<GrantReply> GrantCredits(GrantRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/grants", request, TopupJson.Default.GrantRequest, TopupJson.Default.GrantReply, idempotencyKey, stop);

    /// <summary>Takes back what is left of a grant or purchase.</summary>
    public Task<VoidReply> VoidGrant(string grant, VoidRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change($"/v1/grants/{Segment(grant)}/void", request, TopupJson.Default.VoidRequest, TopupJson.Default.VoidReply, idempotencyKey, stop);

    /// <summary>Every lot that a tenant bought or was granted, and what became of it.</summary>
    /// <param name="type">Only of this credit type.</param>
    public IAsyncEnumerable<LotView> ListGrants(string tenant, string? type = null, CancellationToken stop = default) =>
        All((cursor, within) => ListGrantsPage(tenant, type, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListGrants"/>.</summary>
    public Task<Page<LotView>> ListGrantsPage(
        string tenant, string? type = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/grants", ("type", type), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageLotView, stop);

    /// <summary>What a tenant has now, of every type that it has or had anything of.</summary>
    public async Task<IReadOnlyList<PoolView>> ListPools(string tenant, CancellationToken stop = default) =>
        (await Get($"/v1/tenants/{Segment(tenant)}/pools", TopupJson.Default.PagePoolView, stop).ConfigureAwait(false)).Data;

    /// <summary>What a tenant has of one type now.</summary>
    public Task<PoolView> GetPool(string tenant, string type, CancellationToken stop = default) =>
        Get($"/v1/tenants/{Segment(tenant)}/pools/{Segment(type)}", TopupJson.Default.PoolView, stop);

    /// <summary>What a tenant had of one type at a past moment.</summary>
    public Task<PastPool> GetPool(string tenant, string type, DateTimeOffset at, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/pools/{Segment(type)}", ("at", Text(at))), TopupJson.Default.PastPool, stop);

    /// <summary>A tenant's history, the newest first.</summary>
    public IAsyncEnumerable<EntryView> ListEntries(string tenant, EntryFilter? filter = null, CancellationToken stop = default) =>
        All((cursor, within) => ListEntriesPage(tenant, filter, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListEntries"/>.</summary>
    public Task<Page<EntryView>> ListEntriesPage(
        string tenant, EntryFilter? filter = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(EntriesPath(tenant, filter, Text(limit), cursor, null), TopupJson.Default.PageEntryView, stop);

    /// <summary>A tenant's history as CSV (RFC 4180), as it comes. Texts that a spreadsheet would run as a formula have a quote before them.</summary>
    public Task<Stream> ExportEntries(string tenant, EntryFilter? filter = null, CancellationToken stop = default)
    {
        var path = EntriesPath(tenant, filter, null, null, "csv");
        return Send(() => new HttpRequestMessage(HttpMethod.Get, path), mayRepeat: true, HttpCompletionOption.ResponseHeadersRead,
            (response, within) => response.Content.ReadAsStreamAsync(within), stop);
    }

    /// <summary>Recomputes every balance from its history.</summary>
    /// <param name="tenant">Only this tenant's; null: all.</param>
    public Task<VerifyReply> VerifyLedger(string? tenant = null, CancellationToken stop = default) =>
        Ask("/v1/verify", new VerifyRequest { Tenant = tenant }, TopupJson.Default.VerifyRequest, TopupJson.Default.VerifyReply, stop);

    /// <summary>The last report on the whole ledger.</summary>
    public Task<VerifyReply> GetVerification(CancellationToken stop = default) =>
        Get("/v1/verify", TopupJson.Default.VerifyReply, stop);

    private static string EntriesPath(string tenant, EntryFilter? filter, string? limit, string? cursor, string? format) =>
        Query($"/v1/tenants/{Segment(tenant)}/entries", ("type", filter?.Type), ("kind", filter?.Kind), ("subject", filter?.Subject),
            ("usage_type", filter?.UsageType), ("reference", filter?.Reference), ("from", Text(filter?.From)), ("to", Text(filter?.To)),
            ("limit", limit), ("cursor", cursor), ("format", format));
}
