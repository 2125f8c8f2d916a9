using Huifang.Journal;
using Huifang.Security;
using Huifang.Storage;

namespace Huifang.Tests.Keys;

public sealed class KeyTests // A3
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_master_key_changes_while_everybody_goes_on_reading_and_writing(string database)
    {
        await using var house = await House.Open(database);
        var vault = house.Get<Vault>();
        var ids = Enumerable.Range(0, 1200).Select(i => $"c-{i}").ToList();
        var boxes = await house.Write(async tx => (await vault.KeysFor(tx, ids)).ToDictionary(key => key.Key, key => key.Value.Seal($"words of {key.Key}")));
        var rotation = house.Get<KeyRotation>();
        var first = house.Get<Keyring>().CurrentId;
        Assert.NotEqual(first, await rotation.Begin("a-chen"));

        Assert.True(await rotation.Round(default));
        var half = await house.Read(rotation.State);
        Assert.Equal((500, 1200, true), (half.Done, half.All, half.IsRotating));
        Assert.All(await house.Read(tx => vault.KeysOf(tx, ids)), key => Assert.Equal($"words of {key.Key}", key.Value.Open(boxes[key.Key])));
        Assert.Equal(RetireRefusal.StillWraps, await rotation.Retire(first, "a-chen"));
        // Another node has opened the folder before the new key was made.
        var another = new Vault(new Keyring(Path.Combine(house.Get<Ground>().KeyFolder)), house.Clock);
        await house.Write(tx => another.KeysFor(tx, ["c-new"]));

        while (await rotation.Round(default)) { }
        Assert.False((await house.Read(rotation.State)).IsRotating);
        Assert.Null(await rotation.Retire(first, "a-chen"));
        Assert.DoesNotContain(first, house.Get<Keyring>().Ids);
        Assert.All(await house.Read(tx => vault.KeysOf(tx, ids)), key => Assert.Equal($"words of {key.Key}", key.Value.Open(boxes[key.Key])));
        // What does not hang on the master key stayed: look-ups, the house's own boxes.
        var anew = new Vault(new Keyring(house.Get<Ground>().KeyFolder), house.Clock);
        Assert.Equal(vault.Blind("Phone", "+8613800000000"), anew.Blind("Phone", "+8613800000000"));
        Assert.Equal("kept", anew.OpenForHouse(vault.SealForHouse("kept")));
        Assert.Equal(RetireRefusal.IsCurrent, await rotation.Retire(house.Get<Keyring>().CurrentId, "a-chen"));
        Assert.Equal(RetireRefusal.NoSuchKey, await rotation.Retire(first, "a-chen"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_erased_person_never_gets_a_key_again_whatever_is_told_about_her(string database)
    {
        await using var house = await House.Open(database);
        var customer = await house.Customer();
        var vault = house.Get<Vault>();
        await house.Write(tx => vault.Destroy(tx, customer, KeyClass.Person));
        var intake = house.Get<Huifang.Intake.IntakeDesk>();
        var answer = await intake.Take([Told(house, "e-1", customer)], "wallet", "json");
        Assert.Equal(Huifang.Intake.ItemStatus.Accepted, answer[0].Status);
        // A repeat is known, and a different story under the same id is not compared: there is nothing left to compare it with.
        Assert.Equal(Huifang.Intake.ItemStatus.Known, (await intake.Take([Told(house, "e-1", customer)], "wallet", "json"))[0].Status);
        var row = (await house.Read(tx => JournalTable.Find(tx, "wallet", "e-1")))!;
        Assert.Equal((JournalDesk.OfErased, null), (row.Data, row.Sealed));
        await house.Settle();
        Assert.Equal(0, await house.Read(tx => tx.One<long>("select count(*) from follow_ups where customer_id = @customer", new { customer })));
        await house.Write(async tx => Assert.True((await vault.KeyFor(tx, customer)).IsLost));
        Assert.Null(await house.Read(tx => vault.KeyOf(tx, customer)));
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from data_keys where customer_id = @customer and class = 'person' and length(wrapped) = 0", new { customer })));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_person_who_never_had_a_key_can_be_erased_too(string database)
    {
        await using var house = await House.Open(database);
        await house.Write(tx => house.Get<Vault>().Destroy(tx, "c-unknown", KeyClass.Person));
        await house.Write(async tx => Assert.True((await house.Get<Vault>().KeyFor(tx, "c-unknown")).IsLost));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Wrapping_anew_never_brings_an_erased_key_back(string database)
    {
        await using var house = await House.Open(database);
        var vault = house.Get<Vault>();
        await house.Write(tx => vault.KeysFor(tx, ["c-1"]));
        // The worker has read the row; before it writes, the person is erased.
        var row = (await house.Read(tx => DataKeyTable.WrappedByOthers(tx, "another", 10))).Single();
        await house.Write(tx => vault.Destroy(tx, "c-1", KeyClass.Person));
        Assert.False(await house.Write(tx => DataKeyTable.Rewrap(tx, row, [1, 2, 3], "0002")));
        Assert.Null(await house.Read(tx => vault.KeyOf(tx, "c-1")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Details_of_transactions_outlive_the_person_and_the_person_outlives_them(string database)
    {
        await using var house = await House.Open(database);
        var journal = house.Get<JournalDesk>();
        foreach (var customer in new[] { "c-erased", "c-old" })
            await house.Write(tx => journal.Tell(tx, [new Fact("wallet", $"pay-{customer}", "payment.completed", customer, house.Now, "wallet", "{}", "to Lin"), new Fact("wallet", $"sup-{customer}", "support.contacted", customer, house.Now, "wallet", "{}", "words")]));
        await house.Write(tx => house.Get<Vault>().Destroy(tx, "c-erased", KeyClass.Person));
        await house.Write(tx => house.Get<Vault>().Destroy(tx, "c-old", KeyClass.Transactions));
        async Task<string?> Secret(string id) => (await house.Read(async tx => await journal.Open(tx, [(await JournalTable.Find(tx, "wallet", id))!])))[0];
        Assert.Equal("to Lin", await Secret("pay-c-erased"));
        Assert.Null(await Secret("sup-c-erased"));
        Assert.Null(await Secret("pay-c-old"));
        Assert.Equal("words", await Secret("sup-c-old"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_was_erased_stays_unreadable_when_an_older_backup_comes_back(string database)
    {
        await using var house = await House.Open(database);
        var (staying, erased) = (await house.Customer("c-staying"), await house.Customer("c-erased"));
        while (await house.Get<KeyCopy>().Round(default)) { }
        var backup = Path.Combine(Path.GetTempPath(), $"huifang-{Guid.NewGuid():N}.backup");
        try
        {
            await house.Store.Backup(backup);
            var wrapped = await house.Read(tx => tx.One<byte[]>("select wrapped from data_keys where customer_id = @erased", new { erased }));
            Assert.False(Contains(await File.ReadAllBytesAsync(backup), wrapped!), "the backup holds the wrapped key");
            await house.Write(tx => house.Get<Vault>().Destroy(tx, erased, KeyClass.Person));
            while (await house.Get<KeyCopy>().Round(default)) { }
            Assert.False(Contains(await File.ReadAllBytesAsync(house.Get<KeyCopy>().File), wrapped!), "the copy kept apart still holds the erased key");

            var (address, drop) = await Restored(database, backup);
            try
            {
                await using var store = Store.Open(address);
                await Migrations.Apply(store, house.Clock);
                var copy = new KeyCopy(store, house.Get<Ground>());
                var (keys, gone) = await copy.Restore();
                Assert.Equal(1, gone);
                Assert.True(keys >= 1);
                var people = new Huifang.Customers.CustomerDesk(null!, house.Get<Vault>(), house.Get<Ids>(), house.Clock);
                var found = await store.Read(tx => people.Load(tx, [staying, erased]));
                Assert.Equal("周慕晴", found[staying].Name);
                // The old row is back, and nobody can read it; nor is a new key made for it.
                Assert.Null(found[erased].Name);
                Assert.All(found[erased].Points, point => Assert.Null(point.Value));
                await store.Write(async tx => Assert.True((await house.Get<Vault>().KeyFor(tx, erased)).IsLost));
            }
            finally { await drop(); }
        }
        finally { File.Delete(backup); }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_slow_node_does_not_bring_an_erased_key_back_into_the_copy(string database)
    {
        await using var house = await House.Open(database);
        await house.Write(tx => house.Get<Vault>().KeysFor(tx, ["c-1"]));
        while (await house.Get<KeyCopy>().Round(default)) { }
        await house.Write(tx => house.Get<Vault>().Destroy(tx, "c-1", KeyClass.Person));
        while (await house.Get<KeyCopy>().Round(default)) { }
        // What the slow node had read before: the key as it was.
        await house.Write(tx => tx.Run("update data_keys set erased_at = null, wrapped = @old, master_id = '0001' where customer_id = 'c-1'", new { old = new byte[61] }));
        await house.Write(tx => tx.Run("insert into key_changes (customer_id, class) values ('c-1', 'person')"));
        while (await house.Get<KeyCopy>().Round(default)) { }
        await house.Get<KeyCopy>().Restore();
        Assert.Equal(1, await house.Read(tx => tx.One<long>("select count(*) from data_keys where customer_id = 'c-1' and erased_at is not null and length(wrapped) = 0")));
    }

    [Fact]
    public void A_key_file_that_is_too_short_is_not_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-keys-").FullName;
        try
        {
            _ = new Keyring(folder);
            File.WriteAllBytes(Path.Combine(folder, "0001.key"), new byte[31]);
            Assert.Contains("Restore it from your backup", Assert.Throws<System.Security.Cryptography.CryptographicException>(() => new Keyring(folder)).Message, StringComparison.Ordinal);
            Assert.Equal(31, new FileInfo(Path.Combine(folder, "0001.key")).Length);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void Two_nodes_that_open_an_empty_folder_at_once_get_the_same_key()
    {
        var folder = Directory.CreateTempSubdirectory("huifang-keys-").FullName;
        try
        {
            var rings = new Vault[8];
            Parallel.For(0, rings.Length, i => rings[i] = new Vault(new Keyring(folder), TimeProvider.System));
            Assert.Single(rings.Select(ring => ring.Blind("Phone", "1")).Distinct());
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void A_sealed_field_that_was_touched_anywhere_does_not_open()
    {
        var key = new DataKey(new byte[32]);
        var box = key.Seal("周慕晴");
        Assert.Equal("周慕晴", key.Open(box));
        for (var i = 0; i < box.Length; i++)
        {
            var changed = box.ToArray();
            changed[i] ^= 1;
            Assert.Null(key.Open(changed));
            Assert.Null(key.Open(box[..i]));
        }
        Assert.Equal(20_000, Enumerable.Range(0, 20_000).Select(_ => Convert.ToHexString(key.Seal("x").AsSpan(1, 12))).Distinct().Count());
    }

    private static Huifang.Intake.Reading Told(House house, string id, string customer) =>
        new Huifang.Intake.Reading.Event(new("wallet", id, "withdrawal.failed", customer, house.Now, """{"amount":100}""", """{"name":"周慕晴"}"""));

    private static bool Contains(byte[] bytes, byte[] part) => bytes.AsSpan().IndexOf(part) >= 0;

    private static async Task<(string Address, Func<Task> Drop)> Restored(string database, string backup)
    {
        var folder = Directory.CreateTempSubdirectory("huifang-restored-").FullName;
        if (database == Databases.Sqlite)
        {
            File.Copy(backup, Path.Combine(folder, "huifang.db"));
            return (Path.Combine(folder, "huifang.db"), () => { Directory.Delete(folder, recursive: true); return Task.CompletedTask; });
        }
        var (address, drop) = await Databases.New(database, folder);
        using var restore = System.Diagnostics.Process.Start("pg_restore", ["--clean", "--if-exists", "--no-owner", $"--dbname={address.Replace("postgres://", "postgresql://", StringComparison.Ordinal)}", backup])!;
        await restore.WaitForExitAsync();
        Assert.Equal(0, restore.ExitCode);
        return (address, async () => { Npgsql.NpgsqlConnection.ClearAllPools(); await drop(); Directory.Delete(folder, recursive: true); });
    }
}
