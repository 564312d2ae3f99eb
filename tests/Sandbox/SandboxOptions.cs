using PracticPro.Sandbox.OAuth;

namespace PracticPro.Sandbox;

/// <summary>How a sandbox starts. Everything else can be changed later through the control calls.</summary>
internal sealed record SandboxOptions
{
    public const string DefaultMailbox = "owner@harbour-clinic.example";

    public const string DefaultOutlookAccount = "frontdesk@harbour-clinic.example";

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>Folder of mail; null for the mail that ships with the sandbox.</summary>
    public string? MailFolder { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>Most messages taken from the folder; null for all. Which ones follows from the seed.</summary>
    public int? Limit { get; init; }

    /// <summary>Gmail quota units a minute and mailbox; null for no limit.</summary>
    public int? UnitsPerMinute { get; init; }

    /// <summary>Calendar calls a minute and account; null for no limit.</summary>
    public int? CalendarCallsPerMinute { get; init; }

    /// <summary>Lets notifications of calendars go to http addresses on loopback; Google takes https alone.</summary>
    public bool TakesLoopbackHttp { get; init; }

    /// <summary>The mail is dealt out among them, a thread staying together.</summary>
    public IReadOnlyList<string> Mailboxes { get; init; } = [DefaultMailbox];

    /// <summary>Microsoft accounts, filled from the same mail.</summary>
    public IReadOnlyList<string> OutlookAccounts { get; init; } = [DefaultOutlookAccount];

    /// <summary>False starts mailboxes and calendars empty.</summary>
    public bool Fill { get; init; } = true;

    public IReadOnlyList<OAuthClient> Clients { get; init; } = [OAuthClient.Default];

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
