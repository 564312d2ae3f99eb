namespace PracticPro.Sync.Connectors;

/// <summary>Whose account a grant opens.</summary>
/// <param name="Key">What makes it one account at the provider, normalised: a mail address, a company's id. Hashed wherever it leaves its record.</param>
/// <param name="Name">What its owner calls it: the mail address, the company's name.</param>
internal sealed record ConnectedAccount(string Key, string Name);
