using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Has credits of a type bought before they run out, as a person of the tenant agreed.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<AutoTopUpView> SaveAutoTopUp(
        string tenant, string type, AutoTopUpRequest request, string? reason = null, CancellationToken stop = default) =>
        Put(AutoTopUp(tenant, type), request, TopupJson.Default.AutoTopUpRequest, TopupJson.Default.AutoTopUpView, reason, stop);

    /// <summary>The automatic top-up of one credit type.</summary>
    public Task<AutoTopUpView> GetAutoTopUp(string tenant, string type, CancellationToken stop = default) =>
        Get(AutoTopUp(tenant, type), TopupJson.Default.AutoTopUpView, stop);

    /// <summary>A tenant's automatic top-ups, one for each credit type that has one.</summary>
    public Task<Page<AutoTopUpView>> ListAutoTopUps(string tenant, CancellationToken stop = default) =>
        Get($"/v1/tenants/{Segment(tenant)}/auto-top-ups", TopupJson.Default.PageAutoTopUpView, stop);

    /// <summary>Lets a suspended or waiting automatic top-up order again, at once.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task<AutoTopUpView> ResumeAutoTopUp(string tenant, string type, string? reason = null, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, AutoTopUp(tenant, type) + "/resume", null, ReasonHeader, reason), mayRepeat: true, TopupJson.Default.AutoTopUpView, stop);

    /// <summary>Withdraws the consent: nothing is bought by itself any more.</summary>
    /// <param name="reason">Why, for the audit.</param>
    public Task DeleteAutoTopUp(string tenant, string type, string? reason = null, CancellationToken stop = default) =>
        Delete(AutoTopUp(tenant, type), reason, stop);

    /// <summary>The cards that a tenant agreed to save, one for each method of payment that has one.</summary>
    public Task<Page<SavedCardView>> ListSavedCards(string tenant, CancellationToken stop = default) =>
        Get($"/v1/tenants/{Segment(tenant)}/saved-cards", TopupJson.Default.PageSavedCardView, stop);

    /// <summary>Forgets a card: it is never charged again.</summary>
    /// <param name="method">The method of payment that saved it, such as <c>stripe</c>.</param>
    /// <param name="reason">Why, for the audit.</param>
    public Task DeleteSavedCard(string tenant, string method, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/tenants/{Segment(tenant)}/saved-cards/{Segment(method)}", reason, stop);

    private static string AutoTopUp(string tenant, string type) => $"/v1/tenants/{Segment(tenant)}/auto-top-ups/{Segment(type)}";
}
