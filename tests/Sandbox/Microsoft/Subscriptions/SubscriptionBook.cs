namespace PracticPro.Sandbox.Microsoft.Subscriptions;

/// <summary>All subscriptions. One that ran out is gone, as if it had never been.</summary>
internal sealed class SubscriptionBook(TimeProvider clock, NotificationCourier courier)
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];

    public IReadOnlyList<Subscription> All
    {
        get
        {
            lock (_gate)
            {
                _subscriptions.RemoveAll(one => one.ExpiresAt <= clock.GetUtcNow());
                return [.. _subscriptions];
            }
        }
    }

    public Subscription? Find(string key) => All.FirstOrDefault(one => one.Key == key);

    public void Add(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }
    }

    /// <summary>Without a word to anybody.</summary>
    public bool Remove(string key)
    {
        lock (_gate)
        {
            return _subscriptions.RemoveAll(one => one.Key == key) > 0;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _subscriptions.Clear();
        }
    }

    /// <summary>Called inside the account's lock after each change.</summary>
    public void AccountChanged(OutlookAccount account, ItemChange change)
    {
        foreach (Subscription subscription in All.Where(one => one.Account == account && !one.NeedsReauthorization
            && one.Wants(change, account.Mail.FindFolder(one.Watched.Folder)?.Key)))
        {
            courier.Post(subscription.NotificationUrl, subscription.Notice(change));
        }
    }

    /// <summary>
    /// reauthorizationRequired holds everything back until the client answers it; subscriptionRemoved ends it; missed
    /// says that something was lost on the way. Without a lifecycle address nobody hears of it.
    /// </summary>
    public void Tell(Subscription subscription, string lifecycleEvent)
    {
        subscription.NeedsReauthorization |= lifecycleEvent == "reauthorizationRequired";
        if (lifecycleEvent == "subscriptionRemoved")
        {
            Remove(subscription.Key);
        }

        if (subscription.LifecycleUrl is Uri url)
        {
            courier.Post(url, subscription.LifecycleNotice(lifecycleEvent));
        }
    }
}
