using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Who is among the operator's staff, in the order in which they came.</summary>
    public IAsyncEnumerable<StaffView> ListStaff(CancellationToken stop = default) => All((cursor, within) => ListStaffPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListStaff"/>.</summary>
    public Task<Page<StaffView>> ListStaffPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/staff", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageStaffView, stop);

    /// <summary>Invites somebody to the staff. The link is to be handed to them; it is in this reply and nowhere else.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<StaffLink> InviteStaff(StaffInvitation request, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, "/v1/staff", Json(request, TopupJson.Default.StaffInvitation), ReasonHeader, reason), mayRepeat: false,
        TopupJson.Default.StaffLink, stop);

    /// <summary>Gives somebody another role, or disables them, which ends their sessions at once.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<StaffView> SaveStaff(string id, StaffRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/staff/{Segment(id)}", request, TopupJson.Default.StaffRequest, TopupJson.Default.StaffView, reason, stop);

    /// <summary>Makes a link by which somebody sets a new password. It is in this reply and nowhere else.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<StaffLink> MakeStaffResetLink(string id, StaffResetRequest request, string? reason = null, CancellationToken stop = default) => Send(
        Message(HttpMethod.Post, $"/v1/staff/{Segment(id)}/reset-link", Json(request, TopupJson.Default.StaffResetRequest), ReasonHeader, reason),
        mayRepeat: false, TopupJson.Default.StaffLink, stop);
}
