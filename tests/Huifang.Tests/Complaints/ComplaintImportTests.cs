using System.Text.Json;
using Huifang.Complaints;
using static Huifang.Tests.Complaints.ComplaintScene;

namespace Huifang.Tests.Complaints;

public sealed class ComplaintImportTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))] // R1
    public async Task Exports_of_platforms_and_regulators_become_complaints_and_a_second_import_changes_nothing(string database)
    {
        await using var house = await Office(database);
        var imports = house.Get<ComplaintImports>();
        var mappings = await house.Read(imports.Mappings);
        Dictionary<string, string>[] state =
        [
            new() { ["投诉编号"] = "3205012026112300012", ["转办时间"] = "2026-11-23 16:40:00", ["投诉内容"] = "账户被冻结，客服三天没有回复", ["涉及金额"] = "1,250.50元", ["投诉人"] = "赵某", ["联系电话"] = "13800001234", ["问题类别"] = "售后服务" },
            new() { ["投诉编号"] = "3205012026112300013", ["转办时间"] = "昨天", ["投诉内容"] = "日期读不出" },
            new() { ["问题类别"] = "" },
        ];
        var first = await imports.Bring(mappings.Single(one => one.Id == "cn-12315"), state);
        Assert.Equal(new ImportResult(3, 1, 0, 0, 2), first);
        Assert.Equal(new ImportResult(3, 0, 0, 3, 0), await imports.Bring(mappings.Single(one => one.Id == "cn-12315"), state));
        var complaint = (await house.Read(tx => tx.Query<(string Id, DateTimeOffset At, string Pack, long Amount, string Category, string Door)>("select id, received_at, pack, amount, category, door from complaints where amount is not null"))).Single();
        Assert.Equal((new DateTimeOffset(2026, 11, 23, 8, 40, 0, TimeSpan.Zero), "cn", 125050L, "customer_service", "Regulator"), (complaint.At, complaint.Pack, complaint.Amount, complaint.Category, complaint.Door));
        Assert.Equal(new DateOnly(2026, 12, 8), (await house.Read(tx => house.Get<ClockDesk>().Of(tx, complaint.Id))).Single(clock => clock.Clock == "final").DueDate);

        Dictionary<string, string>[] cfpb = [new() { ["Complaint ID"] = "9912345", ["Date sent to company"] = "11/20/26", ["Issue"] = "Fraud or scam", ["Consumer complaint narrative"] = "They took my money.", ["Product"] = "Money transfer" }];
        Assert.Equal(1, (await imports.Bring(mappings.Single(one => one.Id == "cfpb"), cfpb)).Cases);
        Assert.Equal(("us-cfpb", "scam_victim"), await house.Read(tx => tx.One<(string, string)>("select pack, subcategory from complaints where pack = 'us-cfpb'")));
        Assert.Equal(0, (await house.Read(tx => house.Get<ComplaintIntake>().Tally(tx, house.Now.AddDays(-1)))).Sum(door => door.Difference));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_operators_own_mapping_is_saved_and_goes_before_what_ships(string database)
    {
        await using var house = await Office(database);
        var own = JsonDocument.Parse("""{"id":"heimao","title":{"zh-Hans":"我们的","zh-Hant":"我們的","en":"Ours"},"door":"Import","zone":"Asia/Shanghai","currency":"CNY","dateFormats":["yyyy-MM-dd"],"fields":{"Words":["话"],"TheirNumber":["号"]},"categories":{"*":"other"}}""").RootElement;
        await house.Write(async tx => { await house.Get<ComplaintImports>().Save(tx, own, Shen); return true; });
        var mapping = (await house.Read(house.Get<ComplaintImports>().Mappings)).Single(one => one.Id == "heimao");
        Assert.Equal("Ours", mapping.Title.En);
        Assert.Equal(1, (await house.Get<ComplaintImports>().Bring(mapping, [new Dictionary<string, string> { ["话"] = "退款没到", ["号"] = "1" }])).Cases);
        Assert.Throws<FormatException>(() => ImportMapping.Read(JsonDocument.Parse("""{"id":"x","title":{"zh-Hans":"a","zh-Hant":"a","en":"a"},"door":"Import","zone":"Mars/Base","fields":{"Words":["w"]}}""").RootElement));
    }
}
