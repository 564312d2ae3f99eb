using PracticPro.Keys.Rotation;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Keys;

/// <summary>Keys that somebody may have who should not.</summary>
public sealed partial class KeyRotationTests
{
    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Compromised_keys_take_the_place_of_a_rotation_that_is_under_way()
    {
        var program = await FilledAsync();
        var first = await program.BeginAsync(A);
        for (var step = 0; step < 4; step++)
        {
            await program.Advance.RunAsync(A, first, Cancellation);
        }

        var second = await program.BeginAsync(A, RotationReason.Compromised);

        Assert.True((await program.Advance.RunAsync(A, first, Cancellation)).Ended);
        await program.RunAsync(A, second);
        AssertRotated(3);
        await AssertSheetsAsync(Program());
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Compromised_keys_are_out_of_use_within_minutes()
    {
        var program = await FilledAsync();
        var thief = (await Program().Ring.OpenAsync(A, Cancellation));
        var wrapped = Keys();
        var from = vault.Clock.GetUtcNow();

        var id = await program.BeginAsync(A, RotationReason.Compromised);
        TimeSpan? endedAfter = null;
        var finished = await program.RunAsync(A, id, async () =>
        {
            var rotation = (await KeyRotation.FindAsync(vault.Storage.For(A).Documents, Cancellation))!.Value;
            Assert.True(rotation is not { Stage: RotationStage.Reseal, Position: not null, WaitUntil: not null });
            if (endedAfter is null && rotation.Stage > RotationStage.Announce)
            {
                Assert.Throws<KeysExpiredException>(() => thief.Seal(Purpose.Records, Place, default));
                endedAfter = vault.Clock.GetUtcNow() - from;
            }
        });

        Assert.True(endedAfter < TimeSpan.FromMinutes(2));
        Assert.True(vault.Clock.GetUtcNow() - from < TimeSpan.FromMinutes(20));
        Assert.Equal(RotationStage.Finished, finished!.Stage);
        foreach (var key in wrapped)
        {
            var unwrapped = await vault.Encryption.UnwrapAsync(
                A, new WrappedKey(key.Version, key.Wrapped), key.Context, Cancellation);
            Assert.IsType<VaultFailures.TenantKeyDisabled>(unwrapped.Failure);
        }

        AssertRotated(2);
        await AssertSheetsAsync(Program());
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_second_announcement_that_comes_late_is_waited_after_all_the_same()
    {
        var program = await FilledAsync();
        var id = await program.BeginAsync(A, RotationReason.Compromised);
        var late = false;
        DateTimeOffset? announced = null;

        await program.RunAsync(A, id, async () =>
        {
            var rotation = (await KeyRotation.FindAsync(vault.Storage.For(A).Documents, Cancellation))!.Value;
            if (rotation.Stage == RotationStage.AnnounceAgain && !late)
            {
                late = true;
                vault.Clock.Advance(TimeSpan.FromHours(1));
            }

            announced ??= rotation.Stage > RotationStage.AnnounceAgain ? vault.Clock.GetUtcNow() : null;
            Assert.True(rotation.Stage < RotationStage.Count
                || vault.Clock.GetUtcNow() - announced >= RotationOptions.WritesUnderWay);
        });

        Assert.True(late);
    }
}
