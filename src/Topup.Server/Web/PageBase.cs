using Microsoft.AspNetCore.Components;
using Topup.Contracts;

namespace Topup.Server.Web;

/// <summary>What every page and part of a page has: the request it answers, and the language of whoever reads it.</summary>
public abstract class PageBase : ComponentBase
{
    /// <summary>The request. Pages are made once for each request and never live on.</summary>
    [CascadingParameter]
    public HttpContext Context { get; set; } = null!;

    internal Locale L => Locale.Of(Context);

    internal Brand Brand => Brand.Of(Context);

    internal CancellationToken Stop => Context.RequestAborted;

    /// <summary>Words of the page in the reader's language. The English words are their name.</summary>
    /// <param name="words">English, with {0} where a value stands.</param>
    protected string T(string words, params object[] values) => L.Words(words, values);

    /// <summary>Words that go with a number, in the right one of the language's forms.</summary>
    /// <param name="one">English, for one, with {0} for the number.</param>
    /// <param name="other">English, for any other number.</param>
    protected string T(long count, string one, string other) => L.Count(count, one, other);

    private bool isLoaded;

    /// <summary>Reads what the page shows. Nothing is written before that is there.</summary>
    protected virtual Task Load() => Task.CompletedTask;

    /// <summary>Writes the page anew after one of its forms was handled.</summary>
    internal void Refresh() => StateHasChanged();

    /// <inheritdoc/>
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!isLoaded)
        {
            isLoaded = true;
            await Load();
        }
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>One of the page's forms was sent.</summary>
    internal bool IsPost => HttpMethods.IsPost(Context.Request.Method);

    /// <summary>What was wrong with the form that was sent; null: nothing was sent, or nothing was wrong.</summary>
    internal Problem? Problem { get; set; }

    /// <summary>Where the request comes from, as the network says.</summary>
    internal string NetworkAddress => Context.Connection.RemoteIpAddress?.ToString() ?? "";

    internal string Query(string name) => Context.Request.Query[name].ToString();

    /// <summary>What was typed into a field of the form that was sent; empty: nothing.</summary>
    internal string Typed(string field) => Context.Request.HasFormContentType ? Context.Request.Form[field].ToString() : "";

    /// <summary>The same, or null when nothing was typed.</summary>
    internal string? TypedOrNull(string field) => Typed(field) is { Length: > 0 } typed ? typed : null;

    /// <summary>An address that came with the request, if it is one of this server; it may be anybody's.</summary>
    internal static string PathOrElse(string asked, string otherwise) => IsPath(asked) ? asked : otherwise;

    /// <summary>Answers with a redirect, so that to reload the page sends nothing again.</summary>
    /// <param name="path">An address of this server.</param>
    internal void Go(string path)
    {
        if (!IsPath(path)) throw new ArgumentException("Not an address of this server.", nameof(path));
        Context.Response.Redirect(path);
    }

    /// <summary>The page is not there, or not for this reader; which of both, nobody is told.</summary>
    internal void NotFound() => Context.Response.StatusCode = StatusCodes.Status404NotFound;

    private static bool IsPath(string path) => path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);
}
