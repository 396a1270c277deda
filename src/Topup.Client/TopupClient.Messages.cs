using Topup.Contracts;

namespace Topup.Client;

public sealed partial class TopupClient
{
    /// <summary>Sends a message. Its credits are held, spent when it is taken over, and given back when it is not.</summary>
    /// <param name="key">One message for this key, however often it is sent; null: a new one.</param>
    public Task<MessageReply> SendMessage(MessageRequest request, string? key = null, CancellationToken stop = default) =>
        Change("/v1/messages", request, TopupJson.Default.MessageRequest, TopupJson.Default.MessageReply, key, stop);

    /// <summary>Sends up to 1,000 messages, each with its own key and its own answer.</summary>
    public Task<MessageBatchReply> SendMessageBatch(MessageBatchRequest request, CancellationToken stop = default) =>
        Ask("/v1/messages/batch", request, TopupJson.Default.MessageBatchRequest, TopupJson.Default.MessageBatchReply, stop);

    /// <summary>One message, with what it says for as long as that is kept.</summary>
    public Task<MessageView> GetMessage(string id, CancellationToken stop = default) =>
        Get($"/v1/messages/{Segment(id)}", TopupJson.Default.MessageView, stop);

    /// <summary>A tenant's messages, the newest first.</summary>
    /// <param name="status">Only of this status, such as <c>unknown</c>.</param>
    /// <param name="channel">Only of this channel.</param>
    public IAsyncEnumerable<MessageView> ListMessages(string tenant, string? status = null, string? channel = null, CancellationToken stop = default) =>
        All((cursor, within) => ListMessagesPage(tenant, status, channel, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListMessages"/>.</summary>
    public Task<Page<MessageView>> ListMessagesPage(
        string tenant, string? status = null, string? channel = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query($"/v1/tenants/{Segment(tenant)}/messages", ("status", status), ("channel", channel), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageMessageView, stop);

    /// <summary>Channels on which a tenant's messages are being refused, since when, and why.</summary>
    public Task<StoppedView> GetStoppedMessages(string tenant, CancellationToken stop = default) =>
        Get($"/v1/tenants/{Segment(tenant)}/messages/stopped", TopupJson.Default.StoppedView, stop);

    /// <summary>Says what became of a message whose outcome is unknown.</summary>
    public Task<MessageView> ResolveMessage(string id, ResolveMessageRequest request, CancellationToken stop = default) =>
        Ask($"/v1/messages/{Segment(id)}/resolve", request, TopupJson.Default.ResolveMessageRequest, TopupJson.Default.MessageView, stop);

    /// <summary>Every driver, by name.</summary>
    public Task<Page<MessageDriverView>> ListMessageDrivers(CancellationToken stop = default) =>
        Get("/v1/message-drivers", TopupJson.Default.PageMessageDriverView, stop);

    /// <summary>One driver.</summary>
    public Task<MessageDriverView> GetMessageDriver(string slug, CancellationToken stop = default) =>
        Get($"/v1/message-drivers/{Segment(slug)}", TopupJson.Default.MessageDriverView, stop);

    /// <summary>Saves a driver. Of those of a channel that are enabled, the one with the highest priority sends.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<MessageDriverView> SaveMessageDriver(string slug, MessageDriverRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/message-drivers/{Segment(slug)}", request, TopupJson.Default.MessageDriverRequest, TopupJson.Default.MessageDriverView, reason, stop);

    /// <summary>Deletes a driver and its secret.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeleteMessageDriver(string slug, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/message-drivers/{Segment(slug)}", reason, stop);

    /// <summary>Sends a test message through a driver, without credits.</summary>
    public Task<TestMessageDriverReply> TestMessageDriver(string slug, TestMessageDriverRequest request, CancellationToken stop = default) =>
        Send(Message(HttpMethod.Post, $"/v1/message-drivers/{Segment(slug)}/test", Json(request, TopupJson.Default.TestMessageDriverRequest), null, null),
            mayRepeat: false, TopupJson.Default.TestMessageDriverReply, stop);

    /// <summary>Messages of all tenants, the newest first.</summary>
    /// <param name="status">Only of this status, such as <c>unknown</c>.</param>
    /// <param name="channel">Only of this channel.</param>
    /// <param name="tenant">Only of this tenant.</param>
    public IAsyncEnumerable<MessageView> ListAllMessages(
        string? status = null, string? channel = null, string? tenant = null, CancellationToken stop = default) =>
        All((cursor, within) => ListAllMessagesPage(status, channel, tenant, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListAllMessages"/>.</summary>
    public Task<Page<MessageView>> ListAllMessagesPage(
        string? status = null, string? channel = null, string? tenant = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/messages", ("status", status), ("channel", channel), ("tenant", tenant), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageMessageView, stop);

    /// <summary>Every template, by its code.</summary>
    public IAsyncEnumerable<MessageTemplateView> ListMessageTemplates(CancellationToken stop = default) =>
        All((cursor, within) => ListMessageTemplatesPage(null, cursor, within), stop);

    /// <summary>One page of <see cref="ListMessageTemplates"/>.</summary>
    public Task<Page<MessageTemplateView>> ListMessageTemplatesPage(int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/message-templates", ("limit", Text(limit)), ("cursor", cursor)), TopupJson.Default.PageMessageTemplateView, stop);

    /// <summary>One template.</summary>
    public Task<MessageTemplateView> GetMessageTemplate(string code, CancellationToken stop = default) =>
        Get($"/v1/message-templates/{Segment(code)}", TopupJson.Default.MessageTemplateView, stop);

    /// <summary>Saves a template. Messages that are on their way stay as they are.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<MessageTemplateView> SaveMessageTemplate(
        string code, MessageTemplateRequest request, string? reason = null, CancellationToken stop = default) =>
        Put($"/v1/message-templates/{Segment(code)}", request, TopupJson.Default.MessageTemplateRequest, TopupJson.Default.MessageTemplateView, reason, stop);

    /// <summary>Deletes a template.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeleteMessageTemplate(string code, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/message-templates/{Segment(code)}", reason, stop);

    /// <summary>Recipients that get no more messages, the newest first.</summary>
    /// <param name="channel">Only of this channel.</param>
    /// <param name="tenant">Only those that hold for this tenant alone.</param>
    public IAsyncEnumerable<SuppressionView> ListSuppressions(string? channel = null, string? tenant = null, CancellationToken stop = default) =>
        All((cursor, within) => ListSuppressionsPage(channel, tenant, null, cursor, within), stop);

    /// <summary>One page of <see cref="ListSuppressions"/>.</summary>
    public Task<Page<SuppressionView>> ListSuppressionsPage(
        string? channel = null, string? tenant = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        Get(Query("/v1/suppressions", ("channel", channel), ("tenant", tenant), ("limit", Text(limit)), ("cursor", cursor)),
            TopupJson.Default.PageSuppressionView, stop);

    /// <summary>What keeps messages from a recipient.</summary>
    public Task<Page<SuppressionView>> FindSuppressions(SuppressionRequest request, CancellationToken stop = default) =>
        Ask("/v1/suppressions/find", request, TopupJson.Default.SuppressionRequest, TopupJson.Default.PageSuppressionView, stop);

    /// <summary>Lets no more messages through to a recipient. One that is there already stays as it is.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task<SuppressionView> SaveSuppression(SuppressionRequest request, string? reason = null, CancellationToken stop = default) =>
        Put("/v1/suppressions", request, TopupJson.Default.SuppressionRequest, TopupJson.Default.SuppressionView, reason, stop);

    /// <summary>One suppression.</summary>
    public Task<SuppressionView> GetSuppression(string id, CancellationToken stop = default) =>
        Get($"/v1/suppressions/{Segment(id)}", TopupJson.Default.SuppressionView, stop);

    /// <summary>Lets messages through to a recipient again.</summary>
    /// <param name="reason">Why, for the audit; at most 500 printable ASCII characters.</param>
    public Task DeleteSuppression(string id, string? reason = null, CancellationToken stop = default) =>
        Delete($"/v1/suppressions/{Segment(id)}", reason, stop);
}
