using Topup.Contracts;
using Topup.Domain.Tenancy;
using Topup.Server.Http;

namespace Topup.Server.Tenancy.Operators;

/// <summary>The operator's staff: how they come in, sign in, and what they may do.</summary>
internal static class OperatorsModule
{
    /// <exception cref="InvalidOperationException">A setting is wrong; the message says which and how.</exception>
    public static IServiceCollection AddOperators(this IServiceCollection services, IConfiguration settings) => services
        .AddSingleton(new SetupToken(settings[SetupToken.Setting]))
        .AddSingleton(_ => new Passwords()).AddSingleton<SecondFactor>().AddSingleton<SignInGuard>().AddSingleton<OperatorLinks>().AddSingleton<OperatorSessions>()
        .AddSingleton<SetUpOwner>().AddSingleton<SignIn>().AddSingleton<ConfirmOperator>()
        .AddSingleton<InviteOperator>().AddSingleton<AcceptInvite>().AddSingleton<ChangeOperator>().AddSingleton<ReadOperators>()
        .AddSingleton<MakeResetLink>().AddSingleton<ResetPassword>().AddSingleton<ChangePassword>().AddSingleton<SaveProfile>()
        .AddSingleton<TurnOnSecondFactor>().AddSingleton<TurnOffSecondFactor>().AddSingleton<RenewRecoveryCodes>();

    public static void MapOperators(this IEndpointRouteBuilder app)
    {
        var v1 = app.MapGroup("/v1/staff").WithTags("Staff");
        v1.MapGet("", (HttpContext context, string? limit, string? cursor, ReadOperators verb) => verb.Handle(context, limit, cursor))
            .Describe<Page<StaffView>>("ListStaff", "Who is among the operator's staff, in the order in which they came", Scope.Keys);
        v1.MapPost("", (HttpContext context, InviteOperator verb) => verb.Handle(context))
            .WithName("InviteStaff").WithSummary("Invite somebody to the staff. The link is shown in this reply and never again.")
            .Accepts<StaffInvitation>("application/json").Produces<StaffLink>(StatusCodes.Status201Created).MayRefuse(400, 401, 403, 409, 413, 415).RequireScope(Scope.Keys);
        v1.MapPut("/{id}", (HttpContext context, string id, ChangeOperator verb) => verb.Handle(context, id))
            .Describe<StaffRequest, StaffView>("SaveStaff", "Give somebody another role, or disable them, which ends their sessions at once", Scope.Keys).MayRefuse(409);
        v1.MapPost("/{id}/reset-link", (HttpContext context, string id, MakeResetLink verb) => verb.Handle(context, id))
            .WithName("MakeStaffResetLink").WithSummary("Make a link by which somebody sets a new password. It is shown in this reply and never again.")
            .Accepts<StaffResetRequest>("application/json").Produces<StaffLink>(StatusCodes.Status201Created)
            .MayRefuse(400, 401, 403, 404, 409, 413, 415).RequireScope(Scope.Keys);
    }
}
