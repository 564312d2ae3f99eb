using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using PracticPro.Kernel;

namespace PracticPro.Vault.Leases;

/// <summary>Reads terms strictly: what it accepts, <see cref="KeyLeaseFormat.Head"/> writes again byte for byte.</summary>
internal ref struct KeyLeaseReader(ReadOnlyMemory<byte> terms)
{
    private int at;

    public bool TryTerms([NotNullWhen(true)] out KeyLeaseTerms? read)
    {
        read = null;
        if (!TryText(out var tenant)
            || !TenantId.TryParse(tenant, out var tenantId)
            || !TryText(out var lease)
            || !KeyLeaseId.TryParse(lease, out var id)
            || !TryBytes(SessionKey.PublicBytes, out var session)
            || !TryMoment(out var notBefore)
            || !TryMoment(out var notAfter)
            || !TryScope(out var scope)
            || at != terms.Length)
        {
            return false;
        }

        read = new KeyLeaseTerms(tenantId, id, session, notBefore, notAfter, scope);
        return true;
    }

    private bool TryScope([NotNullWhen(true)] out KeyLeaseScope? scope)
    {
        scope = null;
        return TryBytes(1, out var kind) && kind.Span[0] switch
        {
            KeyLeaseFormat.WholeScope => TryWhole(out scope),
            KeyLeaseFormat.ChosenScope => TryChosen(out scope),
            _ => false,
        };
    }

    private bool TryWhole(out KeyLeaseScope? scope)
    {
        scope = null;
        if (!TryPurpose(out var purpose) || !TryCount(4, out var count))
        {
            return false;
        }

        var generations = ImmutableArray.CreateBuilder<uint>(count);
        for (var each = 0; each < count; each++)
        {
            if (!TryNumber(out var generation) || (each > 0 && generation <= generations[^1]))
            {
                return false;
            }

            generations.Add(generation);
        }

        scope = new KeyLeaseScope.Whole(purpose, generations.MoveToImmutable());
        return true;
    }

    private bool TryChosen(out KeyLeaseScope? scope)
    {
        scope = null;
        if (!TryCount(SealedFormat.HeaderBytes, out var count))
        {
            return false;
        }

        var values = ImmutableArray.CreateBuilder<LeasedValue>(count);
        for (var each = 0; each < count; each++)
        {
            if (!TryValue(out var value))
            {
                return false;
            }

            values.Add(value);
        }

        scope = new KeyLeaseScope.Chosen(values.MoveToImmutable());
        return true;
    }

    private bool TryValue([NotNullWhen(true)] out LeasedValue? value)
    {
        value = null;
        if (!TryPurpose(out var purpose)
            || !TryText(out var kind)
            || !TryText(out var id)
            || !TryText(out var field)
            || !TryNumber(out var schema)
            || schema is 0 or > int.MaxValue
            || !TryNumber(out var generation)
            || !TryBytes(SealedFormat.HeaderBytes, out var header)
            || SealedFormat.Generation(header.Span) != generation)
        {
            return false;
        }

        value = new LeasedValue(purpose, new SealContext(kind, id, field, (int)schema), header);
        return true;
    }

    private bool TryPurpose(out Purpose purpose)
    {
        purpose = default;
        if (!TryText(out var word))
        {
            return false;
        }

        foreach (var known in PurposeWords.All)
        {
            if (known.Word() == word)
            {
                purpose = known;
                return true;
            }
        }

        return false;
    }

    private bool TryMoment(out DateTimeOffset moment)
    {
        moment = default;
        if (!TryBytes(8, out var bytes))
        {
            return false;
        }

        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes.Span);
        if (milliseconds < 0 || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        moment = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    /// <summary>A count of things of at least so many bytes each: one that cannot be there is refused before it is believed.</summary>
    private bool TryCount(int leastBytes, out int count)
    {
        count = 0;
        if (!TryNumber(out var number) || number == 0 || number > (terms.Length - at) / leastBytes)
        {
            return false;
        }

        count = (int)number;
        return true;
    }

    private bool TryNumber(out uint number)
    {
        number = 0;
        if (!TryBytes(4, out var bytes))
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
        return true;
    }

    private bool TryText([NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryBytes(2, out var prefix))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(prefix.Span);
        if (length is 0 or > SealContext.MaximumPartBytes || !TryBytes(length, out var bytes))
        {
            return false;
        }

        return SealContext.TryText(bytes.Span, out text);
    }

    private bool TryBytes(int count, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (terms.Length - at < count)
        {
            return false;
        }

        bytes = terms.Slice(at, count);
        at += count;
        return true;
    }
}
