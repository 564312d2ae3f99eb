using System.Text;
using System.Text.Encodings.Web;

namespace PracticPro.Sandbox.Microsoft.Identity;

/// <summary>
/// The page on which a person picks the account and agrees. The real one has no boxes; here they let fewer scopes be
/// granted. One form that posts back to the same address: account, granted (one a ticked scope), decision=allow|deny.
/// </summary>
internal static class MicrosoftConsentPage
{
    private static readonly string[] Carried =
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "code_challenge",
        "code_challenge_method", "prompt", "nonce", "login_hint",
    ];

    public static string Render(
        MicrosoftAuthorizeRequest request, Func<string, string?> field, IEnumerable<string> accounts)
    {
        var page = new StringBuilder(Head("Sign in to your account (sandbox)"));
        page.Append("<h1>Permissions requested</h1><p>Client: ").Append(Text(request.Client.Key))
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

        page.Append("</select></label></p><fieldset><legend>This app would like to</legend>");
        foreach (string scope in request.Scopes)
        {
            page.Append("<p><label><input type=\"checkbox\" name=\"granted\" value=\"").Append(Text(scope))
                .Append("\" checked> ").Append(Text(scope)).Append("</label></p>");
        }

        page.Append("</fieldset><p><button name=\"decision\" value=\"allow\">Accept</button> ")
            .Append("<button name=\"decision\" value=\"deny\">Cancel</button></p></form></main></html>");
        return page.ToString();
    }

    public static string Refusal(IdentityProblem problem) =>
        $"{Head("Sign in")}<h1>Sorry, but we’re having trouble signing you in.</h1>"
        + $"<p>{Text(problem.Error)}</p><p>{Text(problem.Sentence)}</p></main></html>";

    private static string Head(string title) =>
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>"
        + "<style>body{font:16px sans-serif}main{max-width:40em;margin:4em auto}</style><main>";

    private static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
