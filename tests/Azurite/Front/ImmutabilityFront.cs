using System.Globalization;

namespace PracticPro.Azurite.Front;

/// <summary>
/// What Azurite lacks of version-level immutability, before it: policies and legal holds, set with a blob or on one that is
/// there, reported with its properties, and enforced. Stricter than the service in one thing, as our program never changes
/// a blob: an overwrite is refused where the service would make a new version and keep the old. Sources: Microsoft Learn,
/// "Version-level WORM policies for immutable blob data"; REST "Set Blob Immutability Policy", "Set Blob Legal Hold".
/// </summary>
internal sealed class ImmutabilityFront(RuleBook book, Relay relay, Uri home, TimeProvider time)
{
    private const string UntilHeader = "x-ms-immutability-policy-until-date";
    private const string ModeHeader = "x-ms-immutability-policy-mode";
    private const string HoldHeader = "x-ms-legal-hold";
    private const int Stripes = 64;

    // Between looking at a blob's rules and acting on them nobody else changes it.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>The answer to a call. The caller gives it back and disposes it; null when it is given already.</summary>
    public async Task<HttpResponseMessage?> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var comp = request.Query["comp"].ToString();
        if (BlobOf(request) is not { } blob)
        {
            return await AnswerForContainerAsync(context, comp);
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return Show(await AskAsync(context), comp.Length == 0 ? book.Find(blob) : BlobRules.None);
        }

        var turn = turns[unchecked((uint)StringComparer.Ordinal.GetHashCode(blob)) % Stripes];
        await turn.WaitAsync(context.RequestAborted);
        try
        {
            return (request.Method, comp) switch
            {
                ("PUT", "immutabilityPolicies") => await SetPolicyAsync(context, blob),
                ("DELETE", "immutabilityPolicies") => await EndPolicyAsync(context, blob),
                ("PUT", "legalhold") => await SetHoldAsync(context, blob),
                ("DELETE", "") => await DeleteAsync(context, blob),
                ("PUT", "" or "blocklist") => await WriteAsync(context, blob),
                ("PUT", "lease" or "tier" or "tags") => await AskAsync(context),
                _ => await UnlessRuledAsync(context, blob),
            };
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary><c>container/blob</c>, or null for a call of a container or the account.</summary>
    private static string? BlobOf(HttpRequest request) =>
        request.Path.Value!.Split('/', 4) is ["", _, { Length: > 0 } container, { Length: > 0 } name] ? $"{container}/{name}" : null;

    private async Task<HttpResponseMessage?> AnswerForContainerAsync(HttpContext context, string comp)
    {
        if (comp == "batch")
        {
            // Calls inside a call would pass the rules by.
            await Refusal.WriteAsync(context, 501, "APINotImplemented");
            return null;
        }

        var answer = await AskAsync(context);
        if (context.Request.Query["restype"] == "container" && comp.Length == 0 && !HttpMethods.IsPut(context.Request.Method))
        {
            answer.Headers.TryAddWithoutValidation("x-ms-immutable-storage-with-versioning-enabled", "true");
        }

        return answer;
    }

    private async Task<HttpResponseMessage?> SetPolicyAsync(HttpContext context, string blob)
    {
        if (!await relay.IsThereAsync(context, home, context.RequestAborted))
        {
            return await NotThereAsync(context);
        }

        var before = book.Find(blob);
        var wanted = Read(context.Request, before);
        if (wanted?.Until is not { } until || until <= time.GetUtcNow())
        {
            return await InvalidAsync(context);
        }

        if (before.Locked && (!wanted.Locked || until < before.Until))
        {
            await Refusal.ImmutableAsync(context);
            return null;
        }

        book.Keep(blob, wanted);
        Show(context.Response, wanted);
        return null;
    }

    private async Task<HttpResponseMessage?> EndPolicyAsync(HttpContext context, string blob)
    {
        if (!await relay.IsThereAsync(context, home, context.RequestAborted))
        {
            return await NotThereAsync(context);
        }

        var before = book.Find(blob);
        if (before.Locked)
        {
            await Refusal.ImmutableAsync(context);
            return null;
        }

        book.Keep(blob, before with { Until = null });
        return null;
    }

    private async Task<HttpResponseMessage?> SetHoldAsync(HttpContext context, string blob)
    {
        if (!await relay.IsThereAsync(context, home, context.RequestAborted))
        {
            return await NotThereAsync(context);
        }

        if (!bool.TryParse(context.Request.Headers[HoldHeader], out var held))
        {
            return await InvalidAsync(context);
        }

        book.Keep(blob, book.Find(blob) with { Held = held });
        context.Response.Headers[HoldHeader] = held ? "true" : "false";
        return null;
    }

    private async Task<HttpResponseMessage?> DeleteAsync(HttpContext context, string blob)
    {
        if (book.Find(blob).Keeps(time.GetUtcNow()) && await relay.IsThereAsync(context, home, context.RequestAborted))
        {
            await Refusal.ImmutableAsync(context);
            return null;
        }

        var answer = await AskAsync(context);
        if (answer.IsSuccessStatusCode)
        {
            book.Keep(blob, BlobRules.None);
        }

        return answer;
    }

    private async Task<HttpResponseMessage?> WriteAsync(HttpContext context, string blob)
    {
        var wanted = Read(context.Request, BlobRules.None);
        if (wanted is null || wanted.Until <= time.GetUtcNow())
        {
            return await InvalidAsync(context);
        }

        // A write that asks for a free name cannot change anything, and Azurite refuses it where the name is taken.
        if (context.Request.Headers.IfNoneMatch != "*"
            && !book.Find(blob).IsNone
            && await relay.IsThereAsync(context, home, context.RequestAborted))
        {
            await Refusal.ImmutableAsync(context);
            return null;
        }

        if (!wanted.IsNone)
        {
            book.Expect(blob, wanted);
        }

        // An accident in between leaves what was expected: it holds if the blob is there, and means nothing otherwise.
        var answer = await AskAsync(context);
        if (answer.IsSuccessStatusCode)
        {
            book.Keep(blob, wanted);
        }
        else if (!wanted.IsNone)
        {
            book.NoLongerExpect(blob);
        }

        return answer;
    }

    private async Task<HttpResponseMessage?> UnlessRuledAsync(HttpContext context, string blob)
    {
        if (!book.Find(blob).IsNone && await relay.IsThereAsync(context, home, context.RequestAborted))
        {
            await Refusal.ImmutableAsync(context);
            return null;
        }

        return await AskAsync(context);
    }

    private Task<HttpResponseMessage> AskAsync(HttpContext context) => relay.AskAsync(context, home, context.RequestAborted);

    /// <summary>The rules that a request's headers ask for, over those there were; null when they cannot be read.</summary>
    private static BlobRules? Read(HttpRequest request, BlobRules before)
    {
        var rules = before;
        if (request.Headers.TryGetValue(UntilHeader, out var until))
        {
            if (!DateTimeOffset.TryParseExact(
                until, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            {
                return null;
            }

            var mode = request.Headers[ModeHeader].ToString();
            rules = rules with { Until = date, Locked = mode.Equals("locked", StringComparison.OrdinalIgnoreCase) };
        }

        return request.Headers.TryGetValue(HoldHeader, out var hold) && bool.TryParse(hold, out var held)
            ? rules with { Held = held }
            : rules;
    }

    private static void Show(HttpResponse answer, BlobRules rules)
    {
        if (rules.Until is { } until)
        {
            answer.Headers[UntilHeader] = until.ToString("R", CultureInfo.InvariantCulture);
            answer.Headers[ModeHeader] = rules.Locked ? "locked" : "unlocked";
        }
    }

    private static HttpResponseMessage Show(HttpResponseMessage answer, BlobRules rules)
    {
        if (answer.IsSuccessStatusCode && rules.Until is { } until)
        {
            answer.Headers.TryAddWithoutValidation(UntilHeader, until.ToString("R", CultureInfo.InvariantCulture));
            answer.Headers.TryAddWithoutValidation(ModeHeader, rules.Locked ? "locked" : "unlocked");
        }

        if (answer.IsSuccessStatusCode && rules.Held)
        {
            answer.Headers.TryAddWithoutValidation(HoldHeader, "true");
        }

        return answer;
    }

    private static async Task<HttpResponseMessage?> NotThereAsync(HttpContext context)
    {
        await Refusal.WriteAsync(context, 404, "BlobNotFound");
        return null;
    }

    private static async Task<HttpResponseMessage?> InvalidAsync(HttpContext context)
    {
        await Refusal.WriteAsync(context, 400, "InvalidHeaderValue");
        return null;
    }
}
