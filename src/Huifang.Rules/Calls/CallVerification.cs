namespace Huifang.Calls;

/// <summary>How far a call's verification has come.</summary>
public enum VerificationStage
{
    /// <summary>The desk has announced the call; the customer's app shows it.</summary>
    Armed,
    /// <summary>The customer is on the line from her signed-in app.</summary>
    Joined,
    /// <summary>Three numbers are on her screen and one of them in the agent's mouth.</summary>
    Prompted,
    /// <summary>She tapped the right one.</summary>
    Confirmed,
    /// <summary>She tapped a wrong one or said that it was not her. Nothing more is opened in this call.</summary>
    Denied,
    Ended,
}

/// <summary>Three two-digit numbers on the customer's screen; the agent says <see cref="Spoken"/>.</summary>
/// <param name="Nonce">Single use, unguessable; the tap carries it back.</param>
/// <param name="Payload">Null for identity; otherwise the hash of the act, amount and payee that she is shown and confirms.</param>
public sealed record NumberPrompt(string Nonce, IReadOnlyList<int> Numbers, int Spoken, DateTimeOffset At, string? Payload)
{
    /// <summary>A prompt that is not tapped in this time is void.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
}

/// <summary>
/// The verification of one call: who called whom, why, and how sure we are. It is bound to one call, agent and customer; whatever comes from another is refused.
/// All state is in the record; <see cref="VerificationRules"/> moves it.
/// </summary>
/// <param name="Prompts">Prompts shown in this call.</param>
/// <param name="Spent">Nonces that were used or have lapsed.</param>
/// <param name="Cap">The highest level this call may reach: V1 after a change of contact data or SIM within 72 hours.</param>
public sealed record CallVerification(
    string CallId, string CustomerId, string AgentId, string Purpose, DateTimeOffset ArmedAt, VerificationStage Stage, Level Level,
    NumberPrompt? Prompt, int Prompts, IReadOnlyList<string> Spent, Level Cap, string? StepUpFor)
{
    /// <summary>The highest level that this call has reached; it stays when the call is over, and opens nothing.</summary>
    public Level Reached { get; init; }

    /// <summary>An announced call that nobody joined is over after this: the out-of-band limit of NIST SP 800-63B-4 (10 minutes).</summary>
    public static readonly TimeSpan ArmedLife = TimeSpan.FromMinutes(10);

    public const int PromptsPerCallMax = 3;
    public const int PromptsPerDayMax = 5;

    /// <summary>Whether the customer's app may say "we are calling you" at this moment.</summary>
    public bool IsLive(DateTimeOffset now) => Stage switch
    {
        VerificationStage.Armed => now >= ArmedAt && now < ArmedAt + ArmedLife,
        VerificationStage.Joined or VerificationStage.Prompted or VerificationStage.Confirmed or VerificationStage.Denied => true,
        VerificationStage.Ended => false,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>Why a step of the verification was not taken.</summary>
public enum VerificationRefusal
{
    Ended,
    ArmedTooLongAgo,
    /// <summary>Another agent, customer, call or purpose than the one it was armed for.</summary>
    NotThisCall,
    NotJoined,
    PromptOpen,
    NoPrompt,
    PromptLapsed,
    /// <summary>The nonce was used before.</summary>
    Replay,
    TooManyInCall,
    TooManyToday,
    AlreadyConfirmed,
    NotConfirmed,
    /// <summary>The customer denied earlier in this call.</summary>
    Denied,
    /// <summary>Contact data or SIM changed within 72 hours: V1 at most.</summary>
    Capped,
    /// <summary>Not three different numbers from 10 to 99 with the spoken one among them.</summary>
    BadNumbers,
    AnotherCallToThisCustomer,
    /// <summary>The number was right, but no device of hers signed the tap.</summary>
    NotSigned,
    /// <summary>Signed by a device that was added to others within the cooling-off time.</summary>
    DeviceTooNew,
}

/// <summary>What came of a step.</summary>
public abstract record VerificationStep
{
    private VerificationStep() { }

    public sealed record Moved(CallVerification Call) : VerificationStep;

    /// <summary>Moved, and a person must look: somebody is not who he says.</summary>
    public sealed record Alarmed(CallVerification Call, string Cause) : VerificationStep;

    public sealed record Refused(VerificationRefusal Reason) : VerificationStep;
}
