namespace PracticPro.Kernel;

/// <summary>
/// An expected way to fail, as a value. Each room lists its own as one-line records deriving from a case below;
/// Hosting maps the cases to HTTP in one place.
/// </summary>
/// <param name="Code">Stable, lower-case with hyphens: <c>approval-already-decided</c>. Part of the API.</param>
/// <param name="Message">What happened and what to do next, for a person. Never holds content or identifiers.</param>
internal abstract record Failure(string Code, string Message)
{
    /// <summary>The input cannot be accepted as it is (400).</summary>
    public record Invalid(string Code, string Message, string? Field = null) : Failure(Code, Message);

    /// <summary>Nobody is signed in, or the proof is no longer good (401).</summary>
    public record Unauthenticated(string Code, string Message) : Failure(Code, Message);

    /// <summary>Understood and refused by a rule or a permission (403).</summary>
    public record Refused(string Code, string Message) : Failure(Code, Message);

    /// <summary>No such thing in this tenant, or not for this person (404).</summary>
    public record NotFound(string Code, string Message) : Failure(Code, Message);

    /// <summary>It was here and is gone for good: no later call will find it (410).</summary>
    public record Gone(string Code, string Message) : Failure(Code, Message);

    /// <summary>The thing is in another state than the caller believes (409).</summary>
    public record Conflict(string Code, string Message) : Failure(Code, Message);

    /// <summary>More than is taken at once (413).</summary>
    public record TooLarge(string Code, string Message) : Failure(Code, Message);

    /// <summary>Too many in too short a time (429).</summary>
    public record TooMany(string Code, string Message, TimeSpan RetryAfter) : Failure(Code, Message);

    /// <summary>Another party or a resource is not available now; the same call may succeed later (503).</summary>
    public record Unavailable(string Code, string Message, TimeSpan? RetryAfter = null) : Failure(Code, Message);
}
