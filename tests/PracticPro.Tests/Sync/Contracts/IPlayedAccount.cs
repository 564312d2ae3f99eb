using PracticPro.Tests.Support;

namespace PracticPro.Tests.Sync.Contracts;

/// <summary>One account at a provider as the sandbox plays it, connected and read: what the contract of connectors needs of it.</summary>
internal interface IPlayedAccount : IAsyncDisposable
{
    /// <summary>The program; its <see cref="Premises.Connection"/> is the account's.</summary>
    Premises Premises { get; }

    /// <summary>An item that comes up there; gives its id at the provider.</summary>
    /// <param name="text">Goes into what the program must never keep, where items have such: a body, a description, a memo.</param>
    Task<string> AddAsync(string text = "");

    /// <summary>Changes something of the item that is mirrored.</summary>
    Task EditAsync(string id);

    Task DeleteAsync(string id);

    /// <summary>Moves the item to another stream. False where the provider has one stream only.</summary>
    Task<bool> MoveAsync(string id);

    /// <summary>Every point and page that was given out so far is no longer known at the provider.</summary>
    Task ExpireAsync();

    /// <summary>Pages of a complete reading fail: so many, after so many that do not.</summary>
    void FailPages(int after, int times);

    /// <summary>Everything that is there, one line an item: its id, a space, and whatever of it is mirrored.</summary>
    IReadOnlyList<string> Truth();

    /// <summary>Everything that is stored, in the same lines.</summary>
    Task<IReadOnlyList<string>> StoredAsync();
}
