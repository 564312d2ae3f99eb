using System.Collections.Immutable;

namespace PracticPro.Egress;

/// <summary>What a call does to the outside world.</summary>
internal enum Effect
{
    /// <summary>Nothing changes there.</summary>
    Read,

    /// <summary>Several reads of one processor go in one call. The door alone writes its body (<see cref="BatchParts"/>).</summary>
    Batch,

    /// <summary>A grant is made, renewed or given back.</summary>
    Grant,

    /// <summary>A notification is asked for or ended. Carries no content.</summary>
    Watch,

    /// <summary>Something is written or sent there on the practice's behalf. Needs a <see cref="SendPermit"/>.</summary>
    Write,
}

/// <summary>
/// One call the program may make. What is not declared cannot be called.
/// A <see cref="Effect.Write"/> also says which bytes of it are outgoing, so that the door can hold them against the permit;
/// a write without that cannot be declared.
/// </summary>
internal sealed record ProviderOperation
{
    private ProviderOperation(string name, HttpMethod method, string path, Effect effect, OutgoingBytes? outgoing)
    {
        Name = name;
        Method = method;
        Path = path;
        Effect = effect;
        Outgoing = outgoing;
    }

    /// <summary>Finds what will leave in a request: the bytes that a permit must be for. Null when there are none.</summary>
    public delegate ReadOnlyMemory<byte>? OutgoingBytes(EgressRequest request);

    public string Name { get; }

    public HttpMethod Method { get; }

    /// <summary>Path below the processor's home, with <c>{0}</c>, <c>{1}</c> … for its arguments.</summary>
    public string Path { get; }

    public Effect Effect { get; }

    public OutgoingBytes? Outgoing { get; }

    public static ProviderOperation Read(string name, string path) =>
        new(name, HttpMethod.Get, path, Effect.Read, null);

    /// <summary>Takes reads of the same processor, many in one exchange, as <c>multipart/mixed</c>.</summary>
    public static ProviderOperation Batch(string name, string path) =>
        new(name, HttpMethod.Post, path, Effect.Batch, null);

    public static ProviderOperation Grant(string name, string path) =>
        new(name, HttpMethod.Post, path, Effect.Grant, null);

    public static ProviderOperation Watch(string name, string path) =>
        new(name, HttpMethod.Post, path, Effect.Watch, null);

    /// <param name="method">How the provider wants its notifications ordered, renewed or ended.</param>
    public static ProviderOperation Watch(string name, HttpMethod method, string path) =>
        new(name, method, path, Effect.Watch, null);

    /// <summary>A write whose permit is for a part of its body: a message, in whatever it is wrapped.</summary>
    /// <param name="outgoing">Finds that part; null when it is not there.</param>
    public static ProviderOperation Write(
        string name, HttpMethod method, string path, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> outgoing) =>
        new(name, method, path, Effect.Write, request => outgoing(request.Body));

    /// <summary>
    /// A write whose permit is for the whole call (<see cref="OutgoingWrite"/>): method, address with every argument and
    /// parameter, headers, body. For POST, PATCH, PUT and DELETE.
    /// </summary>
    public static ProviderOperation WriteWhole(string name, HttpMethod method, string path) =>
        new(name, method, path, Effect.Write, static request => OutgoingWrite.BytesOf(request));
}

/// <summary>
/// A company that data may go to, and all it may be asked to do. Source of the list customers see (TRUST-1).
/// </summary>
/// <param name="Name">Lower-case words with hyphens; the key of its address in the configuration.</param>
/// <param name="Home">Where it is reached unless the configuration says otherwise.</param>
/// <param name="Purpose">Why data goes there, for a customer.</param>
internal sealed record Processor(
    string Name,
    Uri Home,
    string Purpose,
    ImmutableArray<ProviderOperation> Operations)
{
    // Records compare by name: the book has one of each.
    public bool Equals(Processor? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
