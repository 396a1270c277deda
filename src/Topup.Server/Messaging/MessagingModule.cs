using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;
using Topup.Server.Messaging.Callbacks;
using Topup.Server.Messaging.Drivers;
using Topup.Server.Messaging.Drivers.Smtp;
using Topup.Server.Messaging.Drivers.Twilio;
using Topup.Server.Messaging.Suppressions;
using Topup.Server.Messaging.Templates;
using Topup.Server.Tenancy;

namespace Topup.Server.Messaging;

/// <summary>Messages to a tenant's own customers: metered, sent by drivers, and settled by what came of them.</summary>
internal static class MessagingModule
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration settings)
    {
        services.AddSingleton(MessageOptions.From(settings));
        services.AddSingleton<IMessageDriver, LogDriver>();
        services.AddSingleton<IMessageDriver, HttpDriver>();
        services.AddSingleton<IMessageDriver, SmtpDriver>();
        services.AddSingleton<TwilioClient>();
        services.AddSingleton<IMessageDriver, TwilioSmsDriver>();
        services.AddSingleton<IMessageDriver, TwilioWhatsAppDriver>();
        services.AddSingleton<MessageDrivers>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<SaveMessageDriver>();
        services.AddSingleton<ReadMessageDrivers>();
        services.AddSingleton<TestMessageDriver>();
        services.AddSingleton<SuppressionList>();
        services.AddSingleton<SaveSuppression>();
        services.AddSingleton<ReadSuppressions>();
        services.AddSingleton<MessageTemplates>();
        services.AddSingleton<SaveMessageTemplate>();
        services.AddSingleton<ReadMessageTemplates>();
        services.AddSingleton<ComposeMessage>();
        services.AddSingleton<ReceiveCallback>();
        services.AddSingleton<MessageMetrics>();
        services.AddSingleton<MessageStore>();
        services.AddSingleton<MessageChanges>();
        services.AddSingleton<SendMessage>();
        services.AddSingleton<SendMessageBatch>();
        services.AddSingleton<ReadMessages>();
        services.AddSingleton<ResolveMessage>();
        services.AddSingleton<SendNotice>();
        services.AddSingleton<MessageWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageWorker>());
        return services;
    }

    public static void MapMessaging(this IEndpointRouteBuilder app)
    {
        app.MapPost(ReceiveCallback.PathOf("{slug}"), (HttpContext context, string slug, ReceiveCallback verb) => verb.Handle(context, slug))
            .ExcludeFromDescription();

        var v1 = app.MapGroup("/v1").WithTags("Messages");
        v1.MapPost("/messages", (HttpContext context, SendMessage verb) => verb.Handle(context))
            .Describe<MessageRequest, MessageReply>("SendMessage", "Send a message: its credits are held, spent when it is taken over, and given back when it is not",
                Scope.Consume, write: true);
        v1.MapPost("/messages/batch", (HttpContext context, SendMessageBatch verb) => verb.Handle(context))
            .Describe<MessageBatchRequest, MessageBatchReply>("SendMessageBatch", "Up to 1,000 messages, each with its own key and its own answer", Scope.Consume);
        v1.MapGet("/messages",
                (HttpContext context, string? status, string? channel, string? tenant, string? limit, string? cursor, ReadMessages verb) =>
                    verb.HandleAll(context, status, channel, tenant, limit, cursor))
            .Describe<Page<MessageView>>("ListAllMessages", "Everybody's messages, the newest first", Scope.Read);
        v1.MapGet("/messages/{id}", (HttpContext context, string id, ReadMessages verb) => verb.HandleOne(context, id))
            .Describe<MessageView>("GetMessage", "One message, with what it says for as long as that is kept", Scope.Read);
        v1.MapPost("/messages/{id}/resolve", (HttpContext context, string id, ResolveMessage verb) => verb.Handle(context, id))
            .Describe<ResolveMessageRequest, MessageView>("ResolveMessage", "Say what became of a message whose outcome is unknown", Scope.Catalog)
            .MayRefuse(409, 429, 503);
        v1.MapGet("/tenants/{id}/messages",
                (HttpContext context, string id, string? status, string? channel, string? limit, string? cursor, ReadMessages verb) =>
                    verb.Handle(context, id, status, channel, limit, cursor))
            .Describe<Page<MessageView>>("ListMessages", "A tenant's messages, the newest first", Scope.Read);
        v1.MapGet("/tenants/{id}/messages/stopped", (HttpContext context, string id, ReadMessages verb) => verb.HandleStopped(context, id))
            .Describe<StoppedView>("GetStoppedMessages", "Channels on which a tenant's messages are being refused, since when, and why", Scope.Read);

        v1.MapGet("/message-drivers", (HttpContext context, ReadMessageDrivers verb) => verb.Handle(context))
            .Describe<Page<MessageDriverView>>("ListMessageDrivers", "List the drivers that send messages. Secrets are never shown", Scope.Catalog);
        v1.MapGet("/message-drivers/{slug}", (HttpContext context, string slug, ReadMessageDrivers verb) => verb.HandleOne(context, slug))
            .Describe<MessageDriverView>("GetMessageDriver", "One driver", Scope.Catalog);
        v1.MapPut("/message-drivers/{slug}", (HttpContext context, string slug, SaveMessageDriver verb) => verb.Handle(context, slug))
            .Describe<MessageDriverRequest, MessageDriverView>(
                "SaveMessageDriver", "Save a driver. Of those of a channel that are enabled, the one with the highest priority sends", Scope.Catalog)
            .Produces<MessageDriverView>(StatusCodes.Status201Created).MayRefuse(409);
        v1.MapDelete("/message-drivers/{slug}", (HttpContext context, string slug, SaveMessageDriver verb) => verb.HandleDelete(context, slug))
            .WithName("DeleteMessageDriver").WithSummary("Delete a driver and its secret").Produces(StatusCodes.Status204NoContent)
            .MayRefuse(400, 401, 403, 404).RequireScope(Scope.Catalog);
        v1.MapPost("/message-drivers/{slug}/test", (HttpContext context, string slug, TestMessageDriver verb) => verb.Handle(context, slug))
            .Describe<TestMessageDriverRequest, TestMessageDriverReply>("TestMessageDriver", "Send a test message through a driver, without credits", Scope.Catalog)
            .MayRefuse(409);

        MapTemplates(v1);
        MapSuppressions(v1);
    }

    private static void MapTemplates(RouteGroupBuilder v1)
    {
        v1.MapGet("/message-templates", (HttpContext context, string? limit, string? cursor, ReadMessageTemplates verb) => verb.Handle(context, limit, cursor))
            .Describe<Page<MessageTemplateView>>("ListMessageTemplates", "List the templates of messages, by code", Scope.Read);
        v1.MapGet("/message-templates/{code}", (HttpContext context, string code, ReadMessageTemplates verb) => verb.HandleOne(context, code))
            .Describe<MessageTemplateView>("GetMessageTemplate", "One template, with the names in it", Scope.Read);
        v1.MapPut("/message-templates/{code}", (HttpContext context, string code, SaveMessageTemplate verb) => verb.Handle(context, code))
            .Describe<MessageTemplateRequest, MessageTemplateView>("SaveMessageTemplate", "Save what messages of one kind say", Scope.Catalog)
            .Produces<MessageTemplateView>(StatusCodes.Status201Created);
        v1.MapDelete("/message-templates/{code}", (HttpContext context, string code, SaveMessageTemplate verb) => verb.HandleDelete(context, code))
            .WithName("DeleteMessageTemplate").WithSummary("Delete a template").Produces(StatusCodes.Status204NoContent)
            .MayRefuse(400, 401, 403, 404).RequireScope(Scope.Catalog);
    }

    private static void MapSuppressions(RouteGroupBuilder v1)
    {
        v1.MapGet("/suppressions",
                (HttpContext context, string? channel, string? tenant, string? limit, string? cursor, ReadSuppressions verb) =>
                    verb.Handle(context, channel, tenant, limit, cursor))
            .Describe<Page<SuppressionView>>("ListSuppressions", "Recipients that get no more messages, masked, the newest first", Scope.Catalog);
        v1.MapPost("/suppressions/find", (HttpContext context, ReadSuppressions verb) => verb.HandleFind(context))
            .Describe<SuppressionRequest, Page<SuppressionView>>("FindSuppressions", "What keeps messages from a recipient", Scope.Catalog).MayRefuse(409);
        v1.MapGet("/suppressions/{id}", (HttpContext context, string id, ReadSuppressions verb) => verb.HandleOne(context, id))
            .Describe<SuppressionView>("GetSuppression", "One suppression", Scope.Catalog);
        v1.MapPut("/suppressions", (HttpContext context, SaveSuppression verb) => verb.Handle(context))
            .Describe<SuppressionRequest, SuppressionView>("SaveSuppression", "Let no more messages through to a recipient", Scope.Catalog)
            .Produces<SuppressionView>(StatusCodes.Status201Created).MayRefuse(409);
        v1.MapDelete("/suppressions/{id}", (HttpContext context, string id, SaveSuppression verb) => verb.HandleDelete(context, id))
            .WithName("DeleteSuppression").WithSummary("Let messages through to a recipient again").Produces(StatusCodes.Status204NoContent)
            .MayRefuse(400, 401, 403, 404).RequireScope(Scope.Catalog);
    }
}
