using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Compares what the payment providers list with the purchases, and repairs what can be. It may be run as often as you like.</summary>
    /// <param name="request">Null: all methods, the last three days.</param>
    public Task<ReconciliationView> RunReconciliation(
        ReconciliationRequest? request = null, string? idempotencyKey = null, CancellationToken stop = default) =>
        Change("/v1/reconciliations", request ?? new ReconciliationRequest(), TopupJson.Default.ReconciliationRequest, TopupJson.Default.ReconciliationView,
            idempotencyKey, stop);

    /// <summary>One comparison with the providers, with all it found.</summary>
    public Task<ReconciliationView> GetReconciliation(string id, CancellationToken stop = default) =>
        Get($"/v1/reconciliations/{Segment(id)}", TopupJson.Default.ReconciliationView, stop);

    /// <summary>Comparisons with the providers, the newest first, without what they found.</summary>
    public IAsyncEnumerable<ReconciliationView> ListReconciliations(CancellationToken stop = default) =>
        All((cursor, within) => ListReconciliationsPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListReconciliations"/>.</summary>
    public Task<Page<ReconciliationView>> ListReconciliationsPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/reconciliations", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageReconciliationView, stop);
}
