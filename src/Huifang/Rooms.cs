using Huifang.Accounts;
using Huifang.Approvals;
using Huifang.Booking;
using Huifang.Consents;
using Huifang.Contacts;
using Huifang.Customers;
using Huifang.FollowUps;
using Huifang.Intake;
using Huifang.Journal;
using Huifang.Messages;
using Huifang.Planning;
using Huifang.Security;
using Huifang.Storage;
using Huifang.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Huifang;

/// <summary>Where the house stands: its database and its keys.</summary>
/// <param name="Database">Path of a SQLite file, or <c>postgres://…</c>.</param>
/// <param name="KeyFolder">The folder of the master keys; back it up apart from the database.</param>
public sealed record Ground(string Database, string KeyFolder)
{
    /// <summary>Where the operator's staff sit.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary>Where the audit log's signed heads are appended: on another disk or host than the database, if the operator says so.</summary>
    public string AnchorFile { get; init; } = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(KeyFolder))!, "audit", "anchors.jsonl");

    /// <summary>Where what takes long to make is kept from one start to the next; null: nowhere. Whatever lies there may be deleted.</summary>
    public string? CacheFolder { get; init; }
}

/// <summary>Every desk, reaction and worker, a line each.</summary>
public static class Rooms
{
    public static IServiceCollection AddRooms(this IServiceCollection services, Ground ground)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(ground);
        services.AddSingleton(_ => Store.Open(ground.Database));
        services.TryAddSingleton<IKeyGuard, PlainGuard>();
        services.AddSingleton(s => new Keyring(ground.KeyFolder, s.GetRequiredService<IKeyGuard>()));
        services.AddSingleton<Ids>();
        services.AddSingleton<Vault>();
        services.AddSingleton<Waker>();

        services.AddSingleton<LiveRules>();
        services.AddSingleton<OutsideListening>();
        services.AddSingleton<IListening, FollowUpListening>();
        services.AddSingleton<JournalDesk>();
        services.AddSingleton<RoleDesk>();
        services.AddSingleton<Audit.AuditKey>();
        services.AddSingleton<Audit.AuditLog>();
        services.AddSingleton<Audit.AuditBoard>();
        services.AddWork<Audit.AuditSequencer>();
        services.AddSingleton<Audit.AnchorFile>();
        services.AddWork<Audit.AuditCheckpoints>();
        services.AddWork<Audit.AuditAnchors>();
        services.AddWork<KeyRotation>();
        services.AddWork<KeyCopy>();
        services.AddSingleton<AccountParts>();
        services.AddSingleton<SessionDesk>();
        services.AddSingleton<RecoveryCodes>();
        services.AddSingleton<PasskeyDesk>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<Belongings>();
        services.AddSingleton<IBelongings, StaffBelongings>();
        services.AddSingleton<IBelongings, Complaints.ComplaintBelongings>();
        services.AddSingleton<ApiKeyDesk>();
        services.AddSingleton<Links>();
        services.AddSingleton<ApprovalParts>();
        services.AddSingleton<ApprovalDesk>();
        services.AddReaction<ApprovedActs>();
        services.AddWork<ApprovalClock>();
        services.AddApproved<RoleApproval>(RoleApproval.Changes);
        services.AddApproved<StaffApproval>(StaffApproval.Changes);
        services.AddSingleton<CustomerDesk>();
        services.AddSingleton<ConsentDesk>();
        services.AddSingleton<AutomationRefusals>();
        services.AddSingleton(PackShelf.Shipped);
        services.TryAddSingleton(Complaints.ComplaintPackShelf.Shipped);
        services.AddSingleton<Sight.SightBudget>();
        services.AddSingleton<Sight.Peers>();
        services.AddSingleton<Sight.SightParts>();
        services.AddSingleton<Sight.GlassDesk>();
        services.AddSingleton<Sight.SightDesk>();
        services.AddSingleton<Sight.SightBoard>();
        services.AddWork<Sight.SightClock>();
        services.AddSingleton<IBelongings, Sight.CustomerBelongings>();
        services.AddSingleton<Sight.IInHand, Calls.CallInHandOf>();
        services.AddSingleton<Sight.IInHand, FollowUpInHand>();
        services.AddSingleton<Sight.IInHand, Complaints.ComplaintInHand>();
        services.AddSingleton<ContactDesk>();
        services.AddSingleton<WhyContacted>();
        services.AddSingleton<IntakeDesk>();
        services.AddFeedback();
        services.AddInsights();
        services.AddImprovements();
        services.AddSurveys();
        services.AddSingleton<FollowUpDesk>();
        services.AddSingleton<PlanningDesk>();
        services.AddSingleton<TimeImports>();
        services.AddSingleton<SlotDesk>();
        services.TryAddSingleton(PlanSettings.Shipped);
        services.AddSingleton<Calls.CallTries>();
        services.AddSingleton<AnswerDesk>();
        services.AddSingleton<PlanParts>();
        services.AddSingleton<PlanWindows>();
        services.AddSingleton<PlanLoader>();
        services.AddSingleton<PlanDesk>();
        services.AddSingleton<PlanBoard>();
        services.AddSingleton<ForecastDesk>();
        services.AddSingleton<PromiseMender>();
        services.AddReaction<PlanReactions>();
        services.AddWork<Planner>();
        services.AddSingleton<TriggerDesk>();
        services.AddSingleton<TrialDesk>();
        services.AddApproved<RuleApproval>(RuleApproval.GoesLive);
        services.AddReaction<FollowUpReactions>();
        services.AddWork<FollowUpClock>();
        services.AddWork<PeriodicCare>();
        services.AddSingleton<Checks.LedgerCheck>();
        services.AddSingleton<HandDesk>();
        services.AddSingleton<CustomerBoard>();
        services.AddSingleton<Reports.CareBoard>();
        services.AddSingleton<Reports.TransparencyBoard>();
        services.AddSingleton<Reports.FollowUpList>();
        services.TryAddSingleton(MessageSettings.Demo);
        services.AddSingleton<MessageDesk>();
        services.AddSingleton<MessageWriter>();
        services.AddSingleton<MessageOffice>();
        services.AddSingleton<MessageBoard>();
        services.AddSingleton<ReplyDesk>();
        services.AddWork<Sender>();
        services.AddSingleton<IBelongings, Calls.CallBelongings>();
        services.AddSingleton<IBelongings, Calls.RecordingBelongings>();
        services.AddSingleton<IBelongings, MessageBelongings>();
        services.AddSingleton<IBelongings, DecisionBelongings>();
        services.TryAddSingleton(Complaints.ComplaintSettings.Shipped);
        services.AddSingleton<Complaints.ComplaintParts>();
        services.AddSingleton<Complaints.ClockDesk>();
        services.AddSingleton<Complaints.ComplaintMail>();
        services.AddSingleton<Complaints.ComplaintDesk>();
        services.AddSingleton<Complaints.ComplaintLetters>();
        services.AddSingleton<Complaints.ComplaintClosing>();
        services.AddSingleton<Complaints.ComplaintJoining>();
        services.AddSingleton<Complaints.RedressDesk>();
        services.AddApproved<Complaints.RedressApproval>(Complaints.RedressApproval.GivesMoney);
        services.AddApproved<Complaints.ExtensionApproval>(Complaints.ExtensionApproval.MoreTime);
        services.AddSingleton<Complaints.ComplaintFiling>();
        services.AddSingleton<Complaints.ComplaintSearch>();
        services.AddSingleton<Complaints.IArrivalReader, Complaints.JsonArrivalReader>();
        services.AddSingleton<Complaints.IArrivalReader, Complaints.TextArrivalReader>();
        services.AddSingleton<Complaints.ComplaintIntake>();
        services.AddSingleton<Complaints.ComplaintImports>();
        services.AddSingleton<Complaints.ComplaintBoard>();
        services.AddSingleton<Complaints.ComplaintFigures>();
        services.AddSingleton<Complaints.CaseDesks>();
        services.AddSingleton<Complaints.ComplaintFile>();
        services.AddReaction<Complaints.ComplaintReactions>();
        services.AddWork<Complaints.ComplaintClock>();
        services.AddWork<Complaints.IntakeClerk>();
        services.AddWork<Complaints.ComplaintOwners>();
        services.AddSingleton<Calls.LiveFeed>();
        services.AddSingleton<Calls.CallParts>();
        services.AddSingleton<Scripts.ScriptShelf>();
        services.AddSingleton<Calls.CallLeave>();
        services.AddSingleton<Calls.CallQueue>();
        services.AddSingleton<Calls.CallDesk>();
        services.TryAddSingleton(new Calls.DeviceSettings(Calls.DeviceKey.CoolingOff));
        services.AddSingleton<Calls.DeviceDesk>();
        services.AddSingleton<Calls.CallVerifier>();
        services.AddSingleton<RetryDesk>();
        services.AddSingleton<Calls.CallEnds>();
        services.AddSingleton<Calls.WrapUp>();
        services.AddSingleton<Calls.Recordings>();
        services.AddSingleton<Calls.DeskBoard>();
        services.AddSingleton<Calls.LiveBoard>();
        services.AddSingleton<Knowledge.KnowledgeShelf>();
        services.AddWork<Calls.PromiseWatch>();
        services.AddWork<Calls.RecordingRetention>();
        services.AddSingleton<BookingBoard>();
        services.AddSingleton<BookingDesk>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<CallRequests>();
        services.AddSingleton<BookingReplies>();
        services.AddReaction<BookingReactions>();
        services.AddPrivacy();
        services.AddWork<Api.IdempotencyDesk>();
        services.AddSingleton<Webhooks.WebhookKey>();
        services.AddSingleton<Webhooks.WebhookDesk>();
        services.AddReaction<Webhooks.WebhookReactions>();
        services.AddWork<Webhooks.WebhookSender>();
        return services;
    }

    /// <summary>What customers say, and every way in for it.</summary>
    private static void AddFeedback(this IServiceCollection services)
    {
        services.AddSingleton<Feedback.FeedbackClock>();
        services.AddSingleton<Feedback.FeedbackDesk>();
        services.AddSingleton<Feedback.FeedbackImports>();
        services.AddSingleton<Feedback.FeedDesk>();
        services.AddWork<Feedback.FeedReader>();
        services.AddReaction<Feedback.CallFeedback>();
    }

    /// <summary>What we ask customers, and what they answer.</summary>
    private static void AddSurveys(this IServiceCollection services)
    {
        services.AddSingleton<MessageOnces>();
        services.AddSingleton<Surveys.SurveyAsking>();
        services.AddSingleton<Surveys.SurveyDesk>();
        services.AddSingleton<Surveys.SurveyBoard>();
        services.AddReaction<Surveys.SurveyReactions>();
        services.AddSingleton<Surveys.CampaignDesk>();
        services.AddSingleton<Surveys.CampaignWalk>();
        services.AddWork<Surveys.CampaignSender>();
        services.AddApproved<Surveys.CampaignApproval>(Surveys.CampaignApproval.Begins);
    }

    /// <summary>What is changed because of it, and who is told.</summary>
    private static void AddImprovements(this IServiceCollection services)
    {
        services.AddSingleton<Insights.TopicCounts>();
        services.AddSingleton<Improvements.ImprovementParts>();
        services.AddSingleton<Improvements.ImprovementDesk>();
        services.AddSingleton<Improvements.ImprovementBoard>();
        services.AddSingleton<Insights.IShippedLately>(provider => provider.GetRequiredService<Improvements.ImprovementBoard>());
        services.AddReaction<Improvements.ImprovementReactions>();
    }

    /// <summary>What we make of it: readings, counts, alarms, labels and models.</summary>
    private static void AddInsights(this IServiceCollection services)
    {
        services.AddSingleton<Insights.LiveModel>();
        services.AddSingleton<Insights.AlarmDesk>();
        services.AddSingleton<Insights.GroupFinder>();
        services.AddSingleton<Insights.LabelDesk>();
        services.AddSingleton<Insights.ModelDesk>();
        services.AddSingleton<Insights.InsightBoard>();
        services.AddSingleton<Insights.MondayBoard>();
        services.AddSingleton<Insights.SavedViews>();
        services.AddSingleton<Insights.DigestParts>();
        services.AddSingleton<Insights.DigestDesk>();
        services.AddWork<Insights.WeeklyDigest>();
        services.AddReaction<Insights.InsightReactions>();
        services.AddWork<Insights.InsightClock>();
        services.AddWork<Insights.ModelTeacher>();
        services.AddApproved<Insights.ModelApproval>(Insights.ModelApproval.GoesLive);
    }

    /// <summary>A person's rights over her data, and how long each class of it is kept.</summary>
    private static void AddPrivacy(this IServiceCollection services)
    {
        services.AddSingleton<Privacy.ErasureParts>();
        services.AddSingleton<Privacy.LegalHoldDesk>();
        services.AddSingleton<Privacy.ErasureDesk>();
        services.AddSingleton<Privacy.AccessExport>();
        services.AddSingleton<Privacy.PrivacyDesk>();
        services.AddSingleton<Privacy.RetentionDesk>();
        services.AddWork<Privacy.PrivacyClock>();
        services.AddWork<Privacy.RetentionClock>();
        services.AddSingleton(Privacy.PrivacyDesk.StaffErasure);
        services.AddSingleton(Privacy.PrivacyDesk.StaffExport);
        services.AddSingleton(Privacy.RetentionDesk.Changes);
        services.AddSingleton<Approvals.IApprovedAct, Privacy.ApprovedErasure>();
        services.AddSingleton<Approvals.IApprovedAct, Privacy.ApprovedExport>();
        services.AddSingleton<Approvals.IApprovedAct>(s => s.GetRequiredService<Privacy.RetentionDesk>());
    }

    /// <summary>A reaction, and the worker that hands it its facts.</summary>
    public static IServiceCollection AddReaction<TReaction>(this IServiceCollection services) where TReaction : class, IReaction
    {
        services.AddSingleton<TReaction>();
        services.AddSingleton<IReaction>(s => s.GetRequiredService<TReaction>());
        return services.AddSingleton<IWork>(s => new Reactor(s.GetRequiredService<Store>(), s.GetRequiredService<TReaction>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<Reactor>>()));
    }

    /// <summary>A kind of act that needs a second person, and the room that does it once it is approved.</summary>
    public static IServiceCollection AddApproved<TAct>(this IServiceCollection services, ApprovalKind kind) where TAct : class, IApprovedAct
    {
        services.AddSingleton(kind);
        services.AddSingleton<TAct>();
        return services.AddSingleton<IApprovedAct>(s => s.GetRequiredService<TAct>());
    }

    /// <summary>A worker that runs by the clock.</summary>
    public static IServiceCollection AddWork<TWork>(this IServiceCollection services) where TWork : class, IWork
    {
        services.AddSingleton<TWork>();
        return services.AddSingleton<IWork>(s => s.GetRequiredService<TWork>());
    }
}
