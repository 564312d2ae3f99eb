using System.Text.Json.Nodes;
using PracticPro.Sandbox.QuickBooks;

namespace PracticPro.Sandbox.Faults;

/// <summary>
/// The bodies of errors injected into the accounting API. The reason is the name in the message: ThrottleExceeded,
/// AuthenticationFailed, ApplicationAuthorizationFailed; anything else is the error of a broken system.
/// </summary>
internal static class QuickBooksFaults
{
    public static (int Status, JsonObject Body) For(FaultAction action)
    {
        QuickBooksError error = action.Reason switch
        {
            "ThrottleExceeded" => QuickBooksError.Throttled(),
            "AuthenticationFailed" => QuickBooksError.Unauthenticated(),
            "ApplicationAuthorizationFailed" => QuickBooksError.Forbidden(),
            _ => QuickBooksError.Broken(),
        };
        error = error with { Status = action.Code ?? error.Status, Message = action.Message ?? error.Message };
        return (error.Status, error.ToJson("2026-01-01T00:00:00.000-08:00", DateTimeOffset.UnixEpoch));
    }
}
