using Topup.Contracts;
using Topup.Server.Http;

namespace Topup.Server.Automation.Workflows;

internal static class WorkflowProblems
{
    public static Problem WorkflowUnknown() => Problems.Of(404, ProblemCodes.WorkflowUnknown, "There is no workflow with this code.", "code");

    public static Problem RunUnknown() => Problems.Of(404, ProblemCodes.WorkflowRunUnknown, "There is no such run. What is done is forgotten after 30 days.", "id");

    public static Problem RunNotFailed() => Problems.Of(409, ProblemCodes.WorkflowRunNotFailed,
        "Only a run that failed or was canceled, of a workflow that there is, can be tried again.");

    public static Problem TooMany(int max) => Problems.Of(409, ProblemCodes.TooManyWorkflows, $"There may be {max} workflows. Delete one first.", limit: max);
}
