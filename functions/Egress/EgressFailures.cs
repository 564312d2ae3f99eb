using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>How a call through the door can fail before there is an answer to look at.</summary>
internal static class EgressFailures
{
    /// <summary>Nothing was sent: the other side cannot have acted.</summary>
    public sealed record NotReached()
        : Failure.Unavailable("provider-not-reached", "The provider cannot be reached now. It is tried again by itself.");

    /// <summary>The request may have been read and acted upon; there is no answer to tell.</summary>
    public sealed record NoAnswer()
        : Failure.Unavailable("provider-no-answer", "The provider did not answer. What happened there is looked up.");

    public sealed record AnswerTooLarge()
        : Failure.Unavailable("provider-answer-too-large", "The provider's answer is larger than is accepted.");

    /// <summary>An answer to several reads does not say of each of them, once, what came of it.</summary>
    public sealed record AnswerBroken()
        : Failure.Unavailable("provider-answer-broken", "The provider's answer cannot be taken apart. It is asked for again by itself.");

    /// <summary>What was opened cannot be a token. Nothing was sent.</summary>
    public sealed record TokenNotUsable()
        : Failure.Unavailable("token-not-usable", "The stored token cannot be used. Connect the account again.");

    /// <summary>A write was tried without leave, with other bytes, or for a second time.</summary>
    public sealed record NoPermit()
        : Failure.Refused("no-send-permit", "Nothing leaves without an approval of exactly these bytes.");
}
