using Topup.Contracts;
using Topup.Domain.Catalog;
using Topup.Domain.Ledger;
using Topup.Server.Http;
using Topup.Server.Tenancy;

namespace Topup.Server.Ledger;

/// <summary><c>POST /v1/consume</c>: spends credits, allowance first, purchased second, never below zero.</summary>
internal sealed class ConsumeCredits(LedgerDesk desk)
{
    public async Task Handle(HttpContext context)
    {
        var body = await Body.Read(context, Json.Wire.ConsumeRequest);
        var key = IdempotencyKey.Read(context);
        if ((body.Problem ?? key.Problem) is { } problem)
        {
            await Problems.Write(context, problem);
            return;
        }
        var asked = body.Value;
        var item = new ConsumeItem
        {
            Key = key.Value, Tenant = asked.Tenant, Type = asked.Type, Amount = asked.Amount, UsageType = asked.UsageType,
            Subject = asked.Subject, Reference = asked.Reference, OnShortage = asked.OnShortage,
        };
        var reply = await Run(context.Caller(), item);
        if (reply.Problem is { } refused) await Problems.Write(context, refused);
        else await Reply.Write(context, reply.Value, Json.Wire.ConsumeReply);
    }

    public async ValueTask<Outcome<ConsumeReply>> Run(Caller caller, ConsumeItem item)
    {
        var typed = await desk.TypeOf(item.Type);
        if ((LedgerDesk.Tenant(caller, item.Tenant) ?? typed.Problem ?? LedgerDesk.Words(item.UsageType, item.Subject, item.Reference)) is { } invalid)
            return invalid;
        var type = typed.Value;
        var (units, caps) = (LedgerDesk.Units(item.Amount, type), LedgerDesk.Caps(item.OnShortage));
        if ((units.Problem ?? caps.Problem) is { } problem) return problem;

        var note = new Note(item.Key, FingerprintOf(item), caller.KeyId, item.Reference ?? "", item.Subject ?? "", item.UsageType ?? "");
        var submitted = await desk.Submit(new Request(item.Tenant, type.Code, units.Value, caps.Value, note), type);
        return submitted.Problem is { } refused ? refused : ReplyOf(submitted.Value, item.Tenant, type);
    }

    private ConsumeReply ReplyOf(LedgerOutcome outcome, string tenant, CreditType type)
    {
        var pool = new PoolKey(tenant, type.Code);
        var shortfall = outcome.Shortfall > 0 ? LedgerViews.Decimal(outcome.Shortfall, type) : (decimal?)null;
        var url = shortfall is null ? null : desk.TopUpUrl(tenant, type.Code);
        if (outcome.Main is not { } entry)
        {
            return new ConsumeReply
            {
                Allowed = false,
                Reason = LedgerProblems.ReasonOf(outcome.Refusal),
                Drawn = LedgerViews.Drawn(Draw.Nothing, pool, type),
                Remaining = LedgerViews.Remaining(outcome.Pool!, type),
                Shortfall = shortfall,
                TopupUrl = url,
            };
        }
        return new ConsumeReply
        {
            Allowed = true,
            Drawn = LedgerViews.Drawn(entry.Draw, pool, type),
            Remaining = LedgerViews.Remaining(entry, type),
            Shortfall = shortfall,
            TopupUrl = url,
            Entry = new LedgerId(tenant, type.Code, entry.Id).ToString(),
            Replayed = outcome.Replayed,
        };
    }

    private static long FingerprintOf(ConsumeItem item) => LedgerDesk.Fingerprint("consume",
        item.Type, LedgerDesk.Canonical(item.Amount ?? 1), item.UsageType, item.Subject, item.Reference, item.OnShortage);

    internal sealed class Request(string tenant, string type, long units, bool caps, Note note) : LedgerRequest(tenant, type, note)
    {
        public override LedgerDecision Decide(LedgerCase now) =>
            Consumption.Decide(now.Pool, now.Terms, units, caps, Note, now.Now);
    }
}
