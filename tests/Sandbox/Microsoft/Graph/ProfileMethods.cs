using System.Text.Json.Nodes;
using PracticPro.Sandbox.Microsoft.Identity;

namespace PracticPro.Sandbox.Microsoft.Graph;

/// <summary>The signed-in user.</summary>
internal static class ProfileMethods
{
    public static GraphAnswer Get(GraphCall call)
    {
        IReadOnlyList<string>? select = call.Select();
        var json = new JsonObject
        {
            ["id"] = call.Account.ObjectKey,
            ["displayName"] = call.Account.Address.Split('@')[0],
            ["mail"] = call.Account.Address,
            ["userPrincipalName"] = call.Account.Address,
            ["businessPhones"] = new JsonArray(),
            ["givenName"] = null,
            ["surname"] = null,
        };
        foreach (string name in json.Select(member => member.Key).ToArray())
        {
            if (name != "id" && select?.Contains(name) == false)
            {
                json.Remove(name);
            }
        }

        return json;
    }

    /// <summary>Ends every session of the user, with every app: there is nothing smaller.</summary>
    public static GraphAnswer RevokeSessions(GraphCall call)
    {
        if (!call.Access.Scopes.Contains(MicrosoftScopes.WriteUser))
        {
            return new GraphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        }

        call.World.Grants.End(call.Account.Address, GrantEnd.PasswordChanged);
        return new JsonObject { ["value"] = true };
    }
}
