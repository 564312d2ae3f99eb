namespace PracticPro.Sync.Connections;

/// <summary>Why a connection was lost, for its owner.</summary>
internal static class LossWords
{
    /// <param name="because">The code of a failure.</param>
    public static string Of(string because) => because switch
    {
        "grant-dead" => "The provider no longer honours the access: it was taken back there, a password was changed, or it ran out. "
            + "Connect the same account again; nothing is lost.",
        "renewal-cut-off" => "A renewal of the access was cut off on its way between the provider and us, and the provider took the "
            + "old access for used up. Connect the same account again; nothing is lost.",
        "scope-missing" => "The access lacks a permission that it had before, or an administrator there forbids it. Connect the same "
            + "account again and leave every box ticked.",
        _ => "The provider refuses the access. Connect the same account again; nothing is lost.",
    };
}
