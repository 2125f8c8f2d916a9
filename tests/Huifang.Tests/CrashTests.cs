using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Huifang.Booking;
using Huifang.Calls;
using Huifang.Checks;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.Feedback;
using Huifang.FollowUps;
using Huifang.Intake;
using Huifang.Journal;
using Huifang.Languages;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Scripts;
using Huifang.Storage;
using Huifang.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Huifang.Tests;

/// <summary>
/// The walk from two failed withdrawals to a finished talk and its one question, with the process dying at a commit edge: just before the n-th commit, so that it is
/// rolled back, or just after it, before anybody was told. A new process opens the same database and everybody tries again, as people and machines do.
/// At the end everything happened, and happened once. Each run tries other edges; with HUIFANG_EVERY_EDGE=1 all of them, which takes minutes.
/// </summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(Databases.Sqlite, 5)]
    [InlineData(Databases.Postgres, 20)]
    public async Task At_any_commit_of_the_walk_the_process_may_die(string database, int oneIn)
    {
        var step = Environment.GetEnvironmentVariable("HUIFANG_EVERY_EDGE") is { Length: > 0 } ? 1 : oneIn;
        var offset = Random.Shared.Next(step);
        var commits = 0;
        await using (var whole = await Walk.Begin(database, dieAt: int.MaxValue))
        {
            await whole.Run();
            commits = whole.Commits;
        }
        Assert.True(commits > 40, $"{commits} commits are too few for the walk");
        for (var edge = offset; edge < commits * 2; edge += step)
        {
            await using var walk = await Walk.Begin(database, edge);
            try { await walk.Run(); }
            catch (Exception failed) { throw new Xunit.Sdk.XunitException($"{database}, edge {edge} of {commits * 2} ({(edge % 2 == 0 ? "before" : "after")} commit {edge / 2}): {failed}"); }
            Assert.True(walk.Died, $"edge {edge} was never reached");
        }
    }

    private sealed class Died : Exception;

    /// <summary>A store whose process dies at one edge; from then on nothing works until it is opened anew.</summary>
    private sealed class MortalStore(Store inner, int dieAt) : Store
    {
        private int _commits = -1;
        public int Commits => _commits + 1;
        public bool IsDead { get; private set; }
        public override Dialect Dialect => inner.Dialect;

        public override async Task<T> Write<T>(Func<Tx, Task<T>> work, CancellationToken stop = default)
        {
            if (IsDead) throw new Died();
            var commit = Interlocked.Increment(ref _commits);
            var result = await inner.Write(async tx =>
            {
                var done = await work(tx);
                if (commit * 2 == dieAt) { IsDead = true; throw new Died(); }
                return done;
            }, stop);
            if (commit * 2 + 1 == dieAt) { IsDead = true; throw new Died(); }
            return result;
        }

        public override Task<T> Read<T>(Func<Tx, Task<T>> work, CancellationToken stop = default) => IsDead ? throw new Died() : inner.Read(work, stop);
        public override Task Backup(string file, CancellationToken stop = default) => inner.Backup(file, stop);
        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>The world outside: it outlives the process and remembers each key that it was handed.</summary>
    private sealed class World : ISmsLine, IMailLine
    {
        public ConcurrentDictionary<string, string> Delivered { get; } = [];
        public Task<LineAnswer> Send(OutgoingSms sms, CancellationToken stop) => Take(sms.Key, "sms");
        public Task<LineAnswer> Send(OutgoingMail mail, CancellationToken stop) => Take(mail.Key, "mail");

        private Task<LineAnswer> Take(string key, string way)
        {
            Assert.Equal(way, Delivered.GetOrAdd(key, way));
            return Task.FromResult<LineAnswer>(new LineAnswer.Accepted(key));
        }
    }

    private sealed class Walk : IAsyncDisposable
    {
        private const string Her = "c-an", Lin = "a-lin", Words = "每次都不知道最晚几点到账";
        private static readonly AgentReach Reach = new(Lin, ["zh-Hans"], ["general"]);

        private readonly string _folder = Directory.CreateTempSubdirectory("huifang-crash-").FullName;
        private readonly HandClock _clock = new(House.Morning);
        private readonly World _world = new();
        private readonly ECDsa _phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private string _address = "";
        private Func<Task> _drop = null!;
        private ServiceProvider _services = null!;
        private MortalStore _store = null!;
        private string? _followUp, _call;

        public int Commits => _store.Commits;
        public bool Died { get; private set; }

        private T Get<T>() where T : notnull => _services.GetRequiredService<T>();

        public static async Task<Walk> Begin(string database, int dieAt)
        {
            var walk = new Walk();
            (walk._address, walk._drop) = await Databases.New(database, walk._folder);
            walk.Open(int.MaxValue);
            await Migrations.Apply(walk._store, walk._clock);
            await walk._store.Write(async tx =>
            {
                await walk.Get<PlanningDesk>().SaveAgent(tx, new Agent(Lin, "林静", "Asia/Shanghai", ["zh-Hans"], ["general"]), "test");
                for (var day = 24; day < 27; day++) await walk.Get<PlanningDesk>().SetDay(tx, Lin, new DateOnly(2026, 11, day), new AgentDay(default, new(9, 0), new(18, 0), []), "test");
                await walk.Get<CustomerDesk>().Save(tx, [new CustomerDraft(Her, "安然", Language.Simplified, "Asia/Shanghai", "CN") { Points = [new(PointKind.App, "device", true), new(PointKind.Phone, "+8613812349876", true)], Since = House.Morning.AddYears(-2) }], "test");
                await walk.Get<Consents.ConsentDesk>().Give(tx, Her, new[] { Purpose.Service, Purpose.Survey }.SelectMany(purpose => Enum.GetValues<Channel>().Select(channel => (purpose, channel))), "customer", "portal");
            });
            await walk.Settle();
            await walk._services.DisposeAsync();
            walk.Open(dieAt);
            return walk;
        }

        private void Open(int dieAt)
        {
            var services = new ServiceCollection();
            services.AddLogging(log => log.SetMinimumLevel(LogLevel.None));
            services.AddSingleton<TimeProvider>(_clock);
            services.AddRooms(new Ground(_address, Path.Combine(_folder, "keys")));
            services.AddSingleton(new Lines(_world, _world));
            services.AddSingleton<global::Huifang.Webhooks.IWebhookLine>(new global::Huifang.Webhooks.HttpWebhookLine(new global::Huifang.Http.GuardedHttp()));
            services.AddSingleton<global::Huifang.Feedback.IFeedLine>(new global::Huifang.Feeds.HttpFeedLine(new global::Huifang.Http.GuardedHttp()));
            services.AddSingleton<Store>(_store = new MortalStore(Store.Open(_address), dieAt));
            _services = services.BuildServiceProvider();
        }

        /// <summary>Does a step; when the process dies under it, opens a new one and does it again, as whoever wanted it would.</summary>
        private async Task Step(Func<Task> act)
        {
            try { await act(); }
            catch (Exception) when (_store.IsDead) { }
            if (!_store.IsDead) return;
            Died = true;
            await _services.DisposeAsync();
            Open(int.MaxValue);
            await act();
        }

        /// <summary>Time that passes after a death: a lease of the dead is over, and what failed under it is tried again.</summary>
        private async Task Settle()
        {
            await Step(Rounds);
            if (!Died) return;
            _clock.Pass(TimeSpan.FromMinutes(3));
            await Rounds();
        }

        private async Task Rounds()
        {
            for (var turn = 0; turn < 5; turn++)
                foreach (var work in _services.GetServices<IWork>())
                    while (await work.Round(default)) { }
        }

        public async Task Run()
        {
            await Step(async () =>
            {
                Reading[] told = [.. new[] { 3, 1 }.Select(hours => new Reading.Event(new("wallet", $"w-{hours}", "withdrawal.failed", Her, House.Morning.AddHours(-hours), """{"amount":430000,"currency":"CNY"}""", null)))];
                Assert.All(await Get<IntakeDesk>().Take(told, "wallet", IntakeDesk.EventContent), answer => Assert.True(answer.Status is ItemStatus.Accepted or ItemStatus.Known));
            });
            await Settle();
            _clock.Pass(TimeSpan.FromMinutes(32));
            await Settle();
            await Step(Book);
            await Settle();
            var promised = (await Find()).PromisedFrom!.Value;
            _clock.Set(promised.AddMinutes(-20));
            await Settle();
            _clock.Set(promised.AddMinutes(-1));
            await Settle();
            foreach (var act in new[] { Take, Arm, Join, Tap }) await Step(act);
            await Step(Talk);
            await Step(Finish);
            await Settle();
            _clock.Pass(TimeSpan.FromMinutes(70));
            await Settle();
            await Judge();
        }

        private async Task<FollowUp> Find() => Assert.Single(await _store.Read(tx => Get<FollowUpDesk>().OfCustomer(tx, Her)));

        private async Task Book()
        {
            _followUp = (await Find()).Id;
            var view = (await _store.Read(tx => Get<BookingBoard>().Look(tx, _followUp)))!;
            if (view.FollowUp.State == FollowUpState.Booked) return;
            Assert.IsType<BookingAnswer.Booked>(await _store.Write(tx => Get<BookingDesk>().Book(tx, _followUp, view.Offers.First(slot => slot.From > _clock.GetUtcNow().AddHours(2)).Id, "customer")));
        }

        private async Task Take() => _call = (await _store.Write(tx => Get<CallQueue>().Take(tx, Reach))).Value!.Id;
        private Task Arm() => _store.Write(tx => Get<CallVerifier>().Arm(tx, _call!, Lin));
        private Task Join() => _store.Write(tx => Get<CallVerifier>().Join(tx, _call!, Her));

        private async Task Tap()
        {
            if ((await _store.Read(tx => Get<CallDesk>().Find(tx, _call!)))!.Level >= Level.V2) return;
            var call = (await _store.Write(tx => Get<CallVerifier>().Ask(tx, _call!, Lin))).Call ?? (await _store.Read(tx => Get<CallDesk>().Find(tx, _call!)))!;
            var prompt = call.Verification!.Prompt!;
            var tap = new Tap(call.Id, Her, Lin, call.Verification.Purpose, prompt.Nonce, prompt.Spoken, null);
            await _store.Write(async tx =>
            {
                var device = (await Get<DeviceDesk>().Add(tx, Her, _phone.ExportSubjectPublicKeyInfo())).Device!;
                await Get<CallVerifier>().Tapped(tx, call.Id, Her, prompt.Nonce, prompt.Spoken, new TapSignature(device.Id, _phone.SignData(Encoding.UTF8.GetBytes(DeviceKey.Words(tap)), HashAlgorithmName.SHA256)));
            });
        }

        private async Task Talk()
        {
            for (var asked = 0; asked < 40; asked++)
            {
                var call = (await _store.Read(tx => Get<CallDesk>().Find(tx, _call!)))!;
                if ((await _store.Read(tx => Get<CallDesk>().InHand(tx, call))).Walk.Open?.Question is not { } open) return;
                var answer = open.Kind switch
                {
                    QuestionKind.Say => new Answer(open.Id, Question.Said, null),
                    QuestionKind.Rating => new Answer(open.Id, "2", null),
                    QuestionKind.YesNo => new Answer(open.Id, open.Id is "time" ? Question.Yes : Question.No, null),
                    QuestionKind.Choice => new Answer(open.Id, open.Choices[^1].Id, null),
                    _ => new Answer(open.Id, null, Words),
                };
                Assert.True((await _store.Write(tx => Get<CallDesk>().Answer(tx, _call!, Lin, answer))).Ok);
            }
        }

        private async Task Finish()
        {
            var done = await _store.Write(tx => Get<WrapUp>().Finish(tx, _call!, Lin, new WrapUpDraft(CallOutcome.Satisfied, [])));
            Assert.True(done.Ok || done.Refusal == CallRefusal.AlreadyFinished, $"{done.Refusal}");
        }

        private async Task Judge()
        {
            Assert.Equal(FollowUpState.Finished, (await Find()).State);
            await _store.Read(async tx =>
            {
                async Task<long> Count(string what) => await tx.One<long>($"select count(*) from {what}");
                Assert.Equal(2, await Count("journal where source = 'wallet'"));
                Assert.Equal(1, await Count("calls"));
                foreach (var kind in new[] { "follow-up.arranged", "follow-up.booked", "promise.kept", "call.finished", "call.verified" }) Assert.Equal((kind, 1L), (kind, await Count($"journal where kind = '{kind}'")));
                Assert.Equal(0, await Count("journal where kind = 'promise.broken'"));
                Assert.Equal(0, await Count("reactions"));
                // One row for each message that was wanted, each sent, each handed over under one key.
                foreach (var template in await tx.Query<(string Name, long Times)>("select template, count(*) from messages group by template")) Assert.Equal((template.Name, 1L), template);
                Assert.Equal(0, await Count("messages where state not in ('Sent', 'Delivered')"));
                Assert.Equal(await Count("messages where channel in ('Sms', 'Email')"), _world.Delivered.Count);
                // What she said to the two open questions, each once.
                Assert.Equal(2, (await Get<FeedbackDesk>().Page(tx, new FeedbackFilter(CustomerId: Her))).Count(item => item.Words.Contains(Words, StringComparison.Ordinal)));
                return true;
            });
            Assert.Empty((await new LedgerCheck(_store, _clock).Run()).Violations);
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            Npgsql.NpgsqlConnection.ClearAllPools();
            await _drop();
            Directory.Delete(_folder, recursive: true);
            _phone.Dispose();
        }
    }
}
