using PracticPro.Sandbox.Microsoft.Subscriptions;

namespace PracticPro.Sandbox.Microsoft;

/// <summary>
/// All accounts by address, in the order they were added. Addresses are compared without regard to case.
/// </summary>
internal sealed class AccountDirectory(
    long seed, TimeProvider clock, MicrosoftSettings settings, SubscriptionBook subscriptions)
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, OutlookAccount> _accounts = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Addresses()
    {
        lock (_gate)
        {
            return [.. _accounts.Keys];
        }
    }

    public OutlookAccount? Find(string? address)
    {
        lock (_gate)
        {
            return address is not null && _accounts.TryGetValue(address, out OutlookAccount? account) ? account : null;
        }
    }

    /// <summary>The account of that address; an empty one is made when there is none.</summary>
    public OutlookAccount Open(string address)
    {
        lock (_gate)
        {
            if (!_accounts.TryGetValue(address, out OutlookAccount? account))
            {
                account = new OutlookAccount(address, seed, clock, settings) { Changed = subscriptions.AccountChanged };
                _accounts.Add(address, account);
            }

            return account;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _accounts.Clear();
        }
    }
}
