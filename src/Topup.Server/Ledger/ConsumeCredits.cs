using Topup.Contracts;
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
            Quantity = asked.Quantity, Dimensions = asked.Dimensions, Subject = asked.Subject, Reference = asked.Reference, OnShortage = asked.OnShortage,
        };
        var reply = await Run(context.Caller(), item);
        if (reply.Problem is { } refused) await Problems.Write(context, refused);
        else await Reply.Write(context, reply.Value, Json.Wire.ConsumeReply);
    }

    public async ValueTask<Outcome<ConsumeReply>> Run(Caller caller, ConsumeItem item)
    {
        if ((LedgerDesk.Tenant(caller, item.Tenant) ?? LedgerDesk.Words(item.UsageType, item.Subject, item.Reference)) is { } invalid) return invalid;
        var use = await UseForm.Read(desk, item.Type, item.Amount, item.UsageType, item.Quantity, item.Dimensions);
        var caps = LedgerDesk.Caps(item.OnShortage);
        if ((use.Problem ?? caps.Problem) is { } problem) return problem;

        var note = new Note(item.Key, FingerprintOf(item), caller.KeyId, item.Reference ?? "", item.Subject ?? "", item.UsageType ?? "");
        var request = new Request(item.Tenant, use.Value, caps.Value, note);
        var submitted = await desk.Submit(request, null);
        return submitted.Problem is { } refused ? refused : ReplyOf(submitted.Value, request);
    }

    private ConsumeReply ReplyOf(LedgerOutcome outcome, Request request)
    {
        var type = outcome.Type!;
        var pool = new PoolKey(request.Tenant, type.Code);
        var shortfall = outcome.Shortfall > 0 ? LedgerViews.Decimal(outcome.Shortfall, type) : (decimal?)null;
        var url = shortfall is null ? null : desk.TopUpUrl(request.Tenant, type.Code);
        if (outcome.Main is not { } entry)
        {
            return new ConsumeReply
            {
                Allowed = false,
                Reason = LedgerProblems.ReasonOf(outcome.Refusal),
                Price = LedgerViews.Price(request.Note.Pricing, type),
                Limit = desk.View(outcome),
                Drawn = LedgerViews.Drawn(Draw.Nothing, pool, type),
                Remaining = LedgerViews.Remaining(outcome.Pool!, type),
                Shortfall = shortfall,
                TopupUrl = url,
            };
        }
        return new ConsumeReply
        {
            Allowed = true,
            Price = LedgerViews.Price(entry.Note.Pricing, type),
            Drawn = LedgerViews.Drawn(entry.Draw, pool, type),
            Remaining = LedgerViews.Remaining(entry, type),
            Shortfall = shortfall,
            TopupUrl = url,
            Entry = new LedgerId(request.Tenant, type.Code, entry.Id).ToString(),
            Replayed = outcome.Replayed,
        };
    }

    private static long FingerprintOf(ConsumeItem item) => LedgerDesk.Fingerprint("consume", item.Type, AmountOf(item),
        item.UsageType, item.Subject, item.Reference, item.OnShortage, UseForm.DimensionsOf(item.Dimensions));

    private static string AmountOf(ConsumeItem item) =>
        item.Type is null ? LedgerDesk.Canonical(item.Quantity ?? 1) : LedgerDesk.Canonical(item.Amount ?? 1);

    internal sealed class Request(string tenant, UseAsked asked, bool caps, Note note) : UseRequest(tenant, asked, caps, note)
    {
        public override LedgerDecision Decide(LedgerCase now) =>
            Consumption.Decide(now.Pool, now.Terms, Units, Caps, Note, now.Now);
    }
}
