using PracticPro.Keys;
using PracticPro.Keys.Rotation;
using PracticPro.Kernel;
using PracticPro.Storage;
using PracticPro.Tests.Support;
using PracticPro.Tests.Vault;
using PracticPro.Vault;
using static PracticPro.Tests.Vault.VaultFixture;

namespace PracticPro.Tests.Keys;

public sealed partial class KeyRotationTests : IDisposable
{
    private const int Sheets = 40;

    private readonly VaultFixture vault = Make();
    private readonly MemoryFleet fleet = new();
    private readonly List<RotationProgram> programs = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        programs.ForEach(program => program.Dispose());
        vault.Dispose();
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Everything_is_sealed_anew_and_the_old_generations_go()
    {
        var program = await FilledAsync();

        var finished = await program.RunAsync(A, await program.BeginAsync(A));

        Assert.Equal(RotationStage.Finished, finished!.Stage);
        Assert.Equal(2 * Sheets, finished.Resealed);
        Assert.Empty(finished.Kept);
        AssertRotated(2);
        await AssertSheetsAsync(Program());
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Data_keys_are_wrapped_under_the_new_version_and_none_is_lost()
    {
        var program = await FilledAsync();
        var before = Keys();

        await program.RunAsync(A, await program.BeginAsync(A, RotationReason.TenantKeyDue));

        Assert.Equal(before.Select(key => key.Context), Keys().Select(key => key.Context));
        Assert.All(Keys(), key => Assert.Equal("2", key.Version.Text));
        await AssertSheetsAsync(Program());
    }

    [Theory]
    [InlineData(nameof(RotationReason.Asked))]
    [InlineData(nameof(RotationReason.TenantKeyDue))]
    [Trait("Promise", "ENC-2")]
    public async Task No_read_and_no_write_fails_at_any_moment_in_any_process(string reason)
    {
        var program = await FilledAsync();
        List<RotationProgram> others = [Program(), Program(), Program()];
        var round = 0;
        Task WorkAsync() => Task.WhenAll(others.Select(async (other, at) =>
        {
            // Some open often and some seldom, so that handles of every age are met.
            if (round % (at + 1) == 0)
            {
                var id = $"s{(round + at) % Sheets:D3}";
                Assert.Equal($"text of {id}", await other.ReadAsync(A, Sheet.Record, id));
                await other.WriteAsync(A, Sheet.Note, new Sheet(id, $"text of {id}"));
                await other.WriteAsync(A, Sheet.Record, new Sheet(id, $"text of {id}"));
            }
        }));

        await program.RunAsync(A, await program.BeginAsync(A, Enum.Parse<RotationReason>(reason)), async () =>
        {
            round++;
            await WorkAsync();
        });

        Assert.True(round > 0);
        await AssertSheetsAsync(Program());
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_handle_from_before_the_rotation_reads_and_writes_until_its_time_is_over()
    {
        var program = await FilledAsync();
        var other = Program();
        var id = await program.BeginAsync(A);
        var handle = await other.Ring.OpenAsync(A, Cancellation);
        var opened = vault.Clock.GetUtcNow();
        var old = handle.Seal(Purpose.Records, Place, Utf8("x"));

        await program.RunAsync(A, id, async () =>
        {
            if (vault.Clock.GetUtcNow() - opened < TimeSpan.FromMinutes(15))
            {
                var fresh = (await program.Ring.OpenAsync(A, Cancellation)).Seal(Purpose.Records, Place, Utf8("y"));
                Assert.Equal("x", Text(handle.Open(Purpose.Records, Place, old)));
                Assert.Equal("y", Text(handle.Open(Purpose.Records, Place, fresh)));
            }
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Promise", "ENC-2")]
    public async Task A_rotation_whose_power_fails_at_any_write_is_finished_by_another(bool after)
    {
        for (var write = 1; ; write++)
        {
            using var run = new KeyRotationTests();
            await run.FilledAsync();
            var power = new Power { FailsAt = write, After = after };
            var mortal = run.Program(power);
            string? id = null;
            var died = await Record.ExceptionAsync(async () =>
            {
                id = await mortal.BeginAsync(A);
                await mortal.RunAsync(A, id);
            });
            if (!power.Failed)
            {
                Assert.True(write > 20);
                return;
            }

            Assert.IsType<PowerLostException>(died);
            var next = run.Program();
            id = (await KeyRotation.FindAsync(run.vault.Storage.For(A).Documents, Cancellation))?.Value.Id ?? await next.BeginAsync(A);
            var finished = await next.RunAsync(A, id);

            Assert.Equal(RotationStage.Finished, finished!.Stage);
            run.AssertRotated(2);
            await AssertSheetsAsync(run.Program());
        }
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task Two_programs_that_rotate_at_once_rotate_once()
    {
        var first = await FilledAsync();
        var second = Program();
        var id = await first.BeginAsync(A);

        for (var turn = 0; turn < 1_000; turn++)
        {
            var answers = await Task.WhenAll(
                Task.Run(() => first.Advance.RunAsync(A, id, Cancellation)),
                Task.Run(() => second.Advance.RunAsync(A, id, Cancellation)));
            if (answers.All(answer => answer.Ended))
            {
                break;
            }

            vault.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        AssertRotated(2);
        await AssertSheetsAsync(Program());
    }

    [Fact]
    public async Task A_second_rotation_waits_for_the_first_and_then_may_begin()
    {
        var program = await FilledAsync();
        var id = await program.BeginAsync(A);

        Assert.IsType<KeysFailures.RotationUnderWay>(
            (await program.Begin.RunAsync(A, RotationReason.Asked, AdvanceRotation.Job, Cancellation)).Failure);

        await program.RunAsync(A, id);
        await program.RunAsync(A, await program.BeginAsync(A));
        AssertRotated(3);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_value_from_before_the_rotation_that_is_put_back_does_not_open()
    {
        var program = await FilledAsync();
        var old = vault.Storage.Tenant(A).Everything().Single(document => document.Key == Sheet.Record.Key("s007"));
        await program.RunAsync(A, await program.BeginAsync(A));

        vault.Storage.Tenant(A).Overwrite(old);

        var thrown = await Assert.ThrowsAsync<UnexpectedFailureException>(() => Program().ReadAsync(A, Sheet.Record, "s007"));
        Assert.IsType<VaultFailures.UnknownGeneration>(thrown.Failure);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task What_turns_up_under_an_old_generation_before_the_count_is_sealed_anew()
    {
        var program = await FilledAsync();
        var old = vault.Storage.Tenant(A).Everything().Single(document => document.Key == Sheet.Record.Key("s007"));
        var put = false;

        var finished = await program.RunAsync(A, await program.BeginAsync(A), async () =>
        {
            var rotation = (await KeyRotation.FindAsync(vault.Storage.For(A).Documents, Cancellation))!.Value;
            if (!put && rotation.Stage == RotationStage.Settle)
            {
                put = true;
                vault.Storage.Tenant(A).Overwrite(old);
            }
        });

        Assert.True(put);
        Assert.Equal(2, finished!.Passes);
        AssertRotated(2);
        await AssertSheetsAsync(Program());
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_document_of_an_unknown_kind_keeps_every_old_generation()
    {
        var program = await FilledAsync();
        vault.Storage.Tenant(A).Overwrite(new Document(DocumentKind.Of("of-a-later-program").Key("x"), new byte[200]));

        var finished = await program.RunAsync(A, await program.BeginAsync(A));

        Assert.Equal(1, finished!.Unknown);
        Assert.Equal(6, finished.Kept.Length);
        Assert.Equal(6, Keys().Count(key => key.Generation == 1 && key.Use != DataKeyRecord.IndexUse));
        await AssertSheetsAsync(Program());
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_sealed_blob_keeps_the_generation_it_hangs_on_until_it_is_gone()
    {
        var program = await FilledAsync();
        var name = new BlobName("export/2026.zip");
        await BlobsAsync(program, async blobs => await blobs.WriteAsync(name, new MemoryStream(new byte[100_000]), Cancellation));

        var finished = await program.RunAsync(A, await program.BeginAsync(A));
        Assert.Equal(["export"], finished!.Kept);
        await BlobsAsync(Program(), async blobs =>
        {
            await using var content = await blobs.OpenReadAsync(name, Cancellation);
            await content!.CopyToAsync(Stream.Null, Cancellation);
            await blobs.DeleteAsync(name, Cancellation);
        });

        await program.RunAsync(A, await program.BeginAsync(A));
        AssertRotated(3);
    }

    [Fact]
    [Trait("Promise", "ENC-4")]
    public async Task A_rotation_ends_when_the_keys_are_destroyed_in_the_middle()
    {
        var program = await FilledAsync();
        var id = await program.BeginAsync(A);
        await program.Advance.RunAsync(A, id, Cancellation);
        await vault.Encryption.DestroyAsync(A, Cancellation);
        program.Ring.Revoke(A);

        Assert.True((await program.Advance.RunAsync(A, id, Cancellation)).Ended);
    }

    [Fact]
    [Trait("Promise", "ENC-2")]
    public async Task A_value_in_a_format_of_a_later_program_stops_the_rotation_and_no_key_goes()
    {
        var program = await FilledAsync();
        var document = vault.Storage.Tenant(A).Everything().Single(each => each.Key == Sheet.Record.Key("s007"));
        var body = document.Body.ToArray();
        body[4] = 2;
        vault.Storage.Tenant(A).Overwrite(document with { Body = body });
        var id = await program.BeginAsync(A);

        for (var step = 0; step < 100; step++)
        {
            await program.Advance.RunAsync(A, id, Cancellation);
            vault.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(6, Keys().Count(key => key.Generation == 1 && key.Use != DataKeyRecord.IndexUse));
    }

    [Fact]
    [Trait("Promise", "AUD-2")]
    public async Task Its_begin_and_its_end_are_in_the_audit_log()
    {
        var program = await FilledAsync();

        await program.RunAsync(A, await program.BeginAsync(A));

        var scope = await program.Scopes.OpenAsync(A, Cancellation);
        var page = (await scope.Audit.PageAsync(10, null, Cancellation)).Expect();
        var leaves = page.Items.Select(record => record.Act.Word).Order(StringComparer.Ordinal);
        Assert.Equal(["keys-rotated", "keys-rotation-begun"], leaves);
    }

    private RotationProgram Program(Power? power = null, IKeyEncryption? encryption = null)
    {
        var program = new RotationProgram(vault, fleet, power, encryption);
        programs.Add(program);
        return program;
    }

    private async Task<RotationProgram> FilledAsync()
    {
        var program = Program();
        for (var at = 0; at < Sheets; at++)
        {
            var id = $"s{at:D3}";
            await program.WriteAsync(A, Sheet.Record, new Sheet(id, $"text of {id}"));
            await program.WriteAsync(A, Sheet.Note, new Sheet(id, $"text of {id}"));
        }

        return program;
    }

    private static async Task AssertSheetsAsync(RotationProgram program)
    {
        for (var at = 0; at < Sheets; at++)
        {
            var id = $"s{at:D3}";
            Assert.Equal($"text of {id}", await program.ReadAsync(A, Sheet.Record, id));
            Assert.Equal($"text of {id}", await program.ReadAsync(A, Sheet.Note, id));
        }
    }

    private void AssertRotated(uint generation)
    {
        Assert.All(
            vault.Storage.Tenant(A).Everything().Where(document => document.Key.Kind.Name.StartsWith("sheet", StringComparison.Ordinal)),
            document => Assert.Equal(generation, Sheet.Record.Sealed.OldestGeneration(document)));
        Assert.All(
            Keys().Where(key => key.Use != DataKeyRecord.IndexUse), key => Assert.Equal(generation, key.Generation));
        Assert.Single(Keys(), key => key.Use == DataKeyRecord.IndexUse);
    }

    private List<DataKeyRecord> Keys() =>
        [.. vault.Storage.Tenant(A).Everything()
            .Where(document => document.Key.Kind == DataKeyRecord.Documents)
            .Select(DataKeyRecord.FromDocument)
            .OrderBy(key => key.Use, StringComparer.Ordinal).ThenBy(key => key.Generation)];

    private async Task BlobsAsync(RotationProgram program, Func<SealedBlobs, Task> use) => await use(
        new SealedBlobs(vault.Storage.For(A).Blobs, await program.Ring.OpenAsync(A, Cancellation), Purpose.Export));
}
