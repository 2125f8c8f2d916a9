namespace Huifang.Redaction;

/// <summary>
/// What the conversation has made likely before the text at hand: "last four digits of your card?" makes the bare answer "4417" a piece of a card number.
/// Immutable; one for each turn.
/// </summary>
/// <param name="Asked">Kinds that were asked for or announced and not yet settled.</param>
public sealed record RedactionContext(SecretKinds Asked)
{
    public static readonly RedactionContext None = new(SecretKinds.None);

    /// <summary>The context of an answer to <paramref name="question"/>, which may be several sentences long.</summary>
    public static RedactionContext After(string question) => None.Then(question);

    /// <summary>
    /// The context after one more turn, by whoever. What was announced stays announced for the rest of the conversation:
    /// people give a card number three turns after they lost the card.
    /// </summary>
    public RedactionContext Then(string turn) => new(Asked | Clues.Mentioned(turn));
}
