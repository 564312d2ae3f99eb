namespace PracticPro.Sandbox.Webhooks;

/// <summary>What is wrong with a signature on purpose.</summary>
internal enum SignatureFault
{
    None,

    /// <summary>No signature header at all.</summary>
    Missing,

    /// <summary>Made with a key nobody registered.</summary>
    WrongKey,

    /// <summary>Made over another body than the one that is sent.</summary>
    OtherBody,
}

/// <summary>How one provider signs its notifications, and how long it keeps trying.</summary>
internal interface IWebhookScheme
{
    /// <summary>The headers of one attempt at this time, the signature among them.</summary>
    IEnumerable<KeyValuePair<string, string>> Headers(byte[] body, DateTimeOffset now, SignatureFault fault);

    bool Acknowledges(int status);

    /// <summary>The wait after the given attempt (1 is the first) was answered so; null when it is given up.</summary>
    TimeSpan? WaitAfter(int attempt, int status);
}
