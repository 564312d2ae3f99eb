using PracticPro.Kernel;

namespace PracticPro.Egress;

/// <summary>
/// A token of a connected account, by reference: it lies sealed until the door sends. What a room gives with a request is
/// this, never a token (CON-2). For the door alone to open; a test holds that.
/// </summary>
internal abstract class SealedToken
{
    /// <summary>The one processor it is for. The door does not even have it opened for another.</summary>
    public abstract Processor For { get; }

    /// <summary>Whose account it is a token of. A write passes by a permit of the same tenant only.</summary>
    public abstract TenantId Owner { get; }

    /// <summary>
    /// Opens it into the caller's memory, which the caller zeroes. How many bytes were written, or why there is no token.
    /// Leaves no copy of its own.
    /// </summary>
    public abstract ValueTask<Outcome<int>> OpenAsync(Memory<byte> into, CancellationToken cancellation);
}

/// <summary>A token that goes into a form, under this name, rather than into the header.</summary>
internal sealed record TokenField(string Name, SealedToken Token);
