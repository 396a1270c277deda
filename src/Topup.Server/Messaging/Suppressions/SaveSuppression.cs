using Topup.Contracts;
using Topup.Domain.Messaging;
using Topup.Server.Http;
using Topup.Server.Ledger;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging.Suppressions;

/// <summary>
/// Puts recipients on the list and takes them off. A recipient stands in a body, never in an address: addresses are written
/// into the logs of everything they pass.
/// </summary>
internal sealed class SaveSuppression(SuppressionList list, LedgerHistory history)
{
    public async Task<IResult> Handle(HttpContext context)
    {
        var author = Author.Of(context);
        if (author.Problem is { } unsaid) return unsaid.AsResult();
        var body = await Body.Read(context, Json.Wire.SuppressionRequest);
        if (body.Problem is { } unread) return unread.AsResult();
        return Reply.Of(await Run(body.Value, author.Value, context.RequestAborted), Json.Wire.SuppressionView);
    }

    public async Task<IResult> HandleDelete(HttpContext context, string id)
    {
        var author = Author.Of(context);
        return author.Problem is { } unsaid ? unsaid.AsResult() : Reply.Of(await Delete(id, author.Value, context.RequestAborted));
    }

    public async Task<Problem?> Delete(string id, Author author, CancellationToken stop) =>
        SuppressionId.TryParse(id, out var key) && await list.Delete(key, author, stop) ? null : MessageProblems.SuppressionUnknown();

    public async Task<Outcome<Saved<SuppressionView>>> Run(SuppressionRequest asked, Author author, CancellationToken stop)
    {
        if (SuppressionForm.Check(asked) is { } invalid) return invalid;
        if (asked.Tenant is { } tenant && !await history.HasTenant(tenant, stop))
            return LedgerProblems.Of(Domain.Ledger.LedgerRefusal.TenantUnknown, 0, null);
        var saved = await list.Add(asked.Tenant ?? "", asked.Channel, asked.Recipient, SuppressionCause.ByHand, asked.Reason ?? "", author, stop);
        return saved.Problem is { } problem ? problem : new Saved<SuppressionView>(SuppressionForm.View(saved.Value.Value), saved.Value.IsNew);
    }
}
