using System.Text;
using System.Text.Encodings.Web;

namespace PracticPro.Sandbox.OAuth;

/// <summary>
/// The page on which a person picks the account and ticks the scopes. Plain HTML with one form that posts back to the
/// same address, so a browser and a script use it alike: account, granted (one a ticked scope), decision=allow|deny.
/// </summary>
internal static class ConsentPage
{
    private static readonly string[] Carried =
    [
        "client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method",
        "access_type", "prompt", "nonce", "login_hint",
    ];

    public static string Render(AuthorizeRequest request, Func<string, string?> field, IEnumerable<string> accounts)
    {
        var page = new StringBuilder(Head("Sign in with Google (sandbox)"));
        page.Append("<h1>Choose an account and what to share</h1><p>Client: ").Append(Text(request.Client.Key))
            .Append("</p><form method=\"post\">");
        foreach (string name in Carried)
        {
            if (field(name) is { } value)
            {
                page.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{Text(value)}\">");
            }
        }

        page.Append("<p><label>Account <select name=\"account\">");
        foreach (string account in accounts)
        {
            bool hinted = account.Equals(request.LoginHint, StringComparison.OrdinalIgnoreCase);
            page.Append($"<option{(hinted ? " selected" : "")}>{Text(account)}</option>");
        }

        page.Append("</select></label></p><fieldset><legend>This client wants to</legend>");
        foreach (string scope in request.Scopes)
        {
            page.Append("<p><label><input type=\"checkbox\" name=\"granted\" value=\"").Append(Text(scope))
                .Append("\" checked> ").Append(Text(scope)).Append("</label></p>");
        }

        page.Append("</fieldset><p><button name=\"decision\" value=\"allow\">Allow</button> ")
            .Append("<button name=\"decision\" value=\"deny\">Deny</button></p></form></main></html>");
        return page.ToString();
    }

    public static string Refusal(OAuthProblem problem) =>
        $"{Head("Access blocked")}<h1>Access blocked</h1><p>Error {problem.Status}: {Text(problem.Error)}</p>"
        + $"<p>{Text(problem.Description)}</p></main></html>";

    private static string Head(string title) =>
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>"
        + "<style>body{font:16px sans-serif}main{max-width:40em;margin:4em auto}</style><main>";

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
