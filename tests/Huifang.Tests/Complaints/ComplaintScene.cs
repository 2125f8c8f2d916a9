using Huifang.Accounts;
using Huifang.Complaints;
using Huifang.Storage;

namespace Huifang.Tests.Complaints;

/// <summary>A house with people who work on complaints: Song (agent), Jiang (supervisor), Shen (compliance), Ye (compliance, not involved in anything).</summary>
internal static class ComplaintScene
{
    public const string Song = "s-song", Jiang = "s-jiang", Shen = "s-shen", Ye = "s-ye";

    public static async Task<House> Office(string database, Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? more = null)
    {
        var house = await House.Open(database, more);
        foreach (var (id, name, role) in new[] { (Song, "宋词", Role.Agent), (Jiang, "江晚", Role.Supervisor), (Shen, "沈律", Role.Compliance), (Ye, "叶舟", Role.Compliance) })
            await house.Write(tx => house.Get<AccountDesk>().Add(tx, new Staff(id, id[2..], name, [role], "zh-Hans")));
        return house;
    }

    public static ComplaintDraft Draft(string? customer = "c-zhou", string words = "连着三次提现都退回来，每次扣我手续费。我只想知道钱到底什么时候能到。") => new(ComplaintDoor.App, words)
    {
        CustomerId = customer, Category = "withdrawal", Subcategory = "failed_or_declined", Amount = 2580, Currency = "CNY", TransactionId = "w-7731",
    };

    public static async Task<Complaint> File(this House house, ComplaintDraft draft, string? externalId = null, string sender = "portal")
    {
        var (brought, refusal) = await house.Get<ComplaintIntake>().Bring(draft, sender, externalId);
        Assert.Null(refusal);
        return brought!.Complaint!;
    }

    public static Task<Complaint> Now(this House house, Complaint complaint) => house.Read(async tx => (await house.Get<ComplaintDesk>().Find(tx, complaint.Id))!);

    public static Task<List<RunningClock>> Clocks(this House house, Complaint complaint) => house.Read(tx => house.Get<ClockDesk>().Of(tx, complaint.Id));

    public static Task<Handled> Do<TDesk>(this House house, Func<TDesk, Tx, Task<Handled>> verb) where TDesk : notnull => house.Write(tx => verb(house.Get<TDesk>(), tx));

    /// <summary>Everything that an answer needs, and the answer.</summary>
    public static async Task Answer(this House house, Complaint complaint, string by = Song)
    {
        Assert.Null((await house.Do<ComplaintDesk>((desk, tx) => desk.Assess(tx, complaint.Id, new(Severity.Medium, "withdrawal", "failed_or_declined", null, 2580, "CNY", []), by))).Refusal);
        Assert.Null((await house.Do<RedressDesk>((desk, tx) => desk.Propose(tx, complaint.Id, Resolution.Explanation, null, null, null, "说明原因", by))).Refusal);
        Assert.Null((await house.Do<ComplaintLetters>((desk, tx) => desk.Write(tx, complaint.Id, "您说的三次提现，都在核对户名时因为我们的系统等待超时被退回。", null, by))).Refusal);
        var (handled, missing) = await house.Write(tx => house.Get<ComplaintClosing>().Answer(tx, complaint.Id, ComplaintOutcome.Upheld, RootCause.SystemFault, by));
        Assert.True(handled.Ok, string.Join(", ", missing));
    }

    public static Task<List<string>> Facts(this House house, Complaint complaint) =>
        house.Read(tx => tx.Query<string>("select kind from complaint_entries where complaint_id = @id order by at, id", new { id = complaint.Id }));
}
