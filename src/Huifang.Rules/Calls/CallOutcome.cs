namespace Huifang.Calls;

/// <summary>How a call ended, as the agent chose it. The first four are on F1–F4.</summary>
public enum CallOutcome
{
    /// <summary>Talked to the end; nothing more to do.</summary>
    Satisfied,
    /// <summary>Talked; something is to be done and the customer told.</summary>
    NeedsMore,
    /// <summary>Talked; it has become a complaint.</summary>
    Complaint,
    /// <summary>Not now: another time that she named, or the next that suits.</summary>
    Rebook,

    NoAnswer,
    Busy,
    /// <summary>The line broke before the talk was over.</summary>
    LineBroke,
    /// <summary>The number or device belongs to somebody else.</summary>
    WrongPerson,
    /// <summary>She doesn't want this talk.</summary>
    Declined,
    /// <summary>She doesn't want any more of them.</summary>
    StopContact,
    /// <summary>Verification was denied: the matter goes to risk.</summary>
    NotVerified,
}

/// <summary>What the outcomes have in common.</summary>
public static class CallOutcomes
{
    /// <summary>A person was on the line.</summary>
    public static bool Reached(this CallOutcome outcome) => outcome is not (CallOutcome.NoAnswer or CallOutcome.Busy);

    /// <summary>The talk took place: every required question on its way must have an answer.</summary>
    public static bool Talked(this CallOutcome outcome) => outcome is CallOutcome.Satisfied or CallOutcome.NeedsMore or CallOutcome.Complaint;

    /// <summary>Tried again by the retry policy, bounded.</summary>
    public static bool Retries(this CallOutcome outcome) => outcome is CallOutcome.NoAnswer or CallOutcome.Busy or CallOutcome.LineBroke;
}

/// <summary>Whether a call is recorded. Nothing is recorded before the customer has agreed; "no" goes on without.</summary>
public enum RecordingConsent { Unasked, Agreed, Refused }

/// <summary>What is to be done after a call, chosen while wrapping up. Rooms to the right react to it.</summary>
public enum NextStep { OpenComplaint, ProposeRefund, ReviewRisk, SendTutorial, InviteToBeta, SecondFollowUp }
