namespace PracticPro.Cli;

/// <summary>
/// What the program answers the shell. Every verb uses these and no others, except <c>verify-audit</c>, whose verdicts
/// have a table of their own (<see cref="VerifyAuditVerb"/>) in which 0 and 1 mean the same as here.
/// <code>
/// 0   done; for serve: asked to end, and ended in order
/// 1   begun and not done: refused by a rule, not found, or broken on the way
/// 2   not understood: no such verb, a missing or malformed argument
/// 3   not begun: settings that cannot be used, a data folder or an address in use, a key file that cannot be read
/// </code>
/// Under the Functions host (<c>functions serve</c>) 0 is never given: the host takes it for a good end, starts no other,
/// and fails each workflow whose turn comes.
/// <code>
/// 200  a new process is wanted, at once and without being counted as an error (<see cref="RestartWanted"/>)
/// 75   the host that started this is gone; nobody reads it
/// 1    broken on the way; the host starts another, and stops itself at the third within half an hour
/// 3    not begun; the same
/// </code>
/// </summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotBegun = 3;
    public const int HostGone = 75;
    public const int RestartWanted = 200;
}
