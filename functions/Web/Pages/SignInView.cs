namespace PracticPro.Web.Pages;

/// <summary>The sign-in page.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Name">What was typed before.</param>
/// <param name="Then">Where to go on, one of our own places.</param>
public sealed record SignInView(FrameView Frame, string Name, string Then);

/// <summary>The page for whatever went wrong.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Detail">What happened and what to do next.</param>
/// <param name="Reference">Names one accident in the log.</param>
/// <param name="SignedOut">Signing in is what to do next.</param>
public sealed record TroubleView(FrameView Frame, string Detail, string? Reference, bool SignedOut);

/// <summary>The page between ours and a provider's consent page.</summary>
/// <param name="Frame">Around it.</param>
/// <param name="Provider">Whose consent page it is.</param>
/// <param name="Asks">What its owner is asked to allow.</param>
/// <param name="Address">Where it goes on.</param>
public sealed record HandOverView(FrameView Frame, string Provider, IReadOnlyList<string> Asks, string Address);
