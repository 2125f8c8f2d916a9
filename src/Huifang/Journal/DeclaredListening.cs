using Huifang.Storage;

namespace Huifang.Journal;

/// <summary>Listeners as <see cref="Facts"/> declares them; the wallet's own kinds have none here.</summary>
public sealed class DeclaredListening : IListening
{
    public ValueTask<Func<string, string[]>> Listeners(Tx tx) => ValueTask.FromResult<Func<string, string[]>>(kind => Facts.Declared.GetValueOrDefault(kind, Facts.Nobody));
}
