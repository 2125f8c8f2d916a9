using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Huifang.House.Tests;

/// <summary>How the house is built, read from the compiled assemblies: what may touch what, and which calls nobody makes.</summary>
public sealed class RoomTests
{
    private static readonly Assembly Rules = typeof(FollowUps.FollowUp).Assembly;
    private static readonly Assembly Core = typeof(Storage.Store).Assembly;
    private static readonly Assembly Web = typeof(Settings).Assembly;

    [Fact]
    public void Rules_refer_to_nothing_but_the_runtime()
    {
        var strange = Rules.GetReferencedAssemblies().Where(a => !a.Name!.StartsWith("System", StringComparison.Ordinal) && a.Name is not "netstandard").Select(a => a.Name);
        Assert.True(!strange.Any(), $"Huifang.Rules refers to {string.Join(", ", strange)}. Decisions take what they need as arguments; move the touching part to a desk.");
    }

    [Fact]
    public void Rules_know_no_task_no_clock_and_no_chance()
    {
        string[] banned = ["System.Threading.Tasks.Task", "System.TimeProvider", "System.Random", "System.IO.File", "System.Net.Http.HttpClient"];
        var used = TypesUsed(Rules).Where(banned.Contains).ToList();
        Assert.True(used.Count == 0, $"Huifang.Rules uses {string.Join(", ", used)}. A decision that needs the time or chance is given it.");
    }

    [Theory]
    [InlineData("System.DateTimeOffset", "get_UtcNow"), InlineData("System.DateTimeOffset", "get_Now"), InlineData("System.DateTime", "get_UtcNow"), InlineData("System.DateTime", "get_Now")]
    [InlineData("System.Guid", "NewGuid"), InlineData("System.Random", "get_Shared"), InlineData("System.Threading.Thread", "Sleep")]
    public void Nobody_asks_the_machine_for_time_ids_or_chance(string type, string member)
    {
        var callers = new[] { Rules, Core, Web }.Where(assembly => Calls(assembly).Contains((type, member))).Select(a => a.GetName().Name).ToList();
        Assert.True(callers.Count == 0, $"{string.Join(", ", callers)} calls {type}.{member}. Take TimeProvider or Ids, so that tests and the simulator can hold the clock.");
    }

    [Fact]
    public void The_core_knows_no_web_and_no_adapter()
    {
        var names = Core.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.DoesNotContain("Huifang.Web", names);
        Assert.DoesNotContain("Huifang.Adapters", names);
    }

    [Fact]
    public void Only_the_contact_desk_gives_leave_to_contact()
    {
        var constructors = typeof(Contacts.Clearance).GetConstructors(BindingFlags.Public | BindingFlags.Instance);
        Assert.Empty(constructors);
        var makers = MethodsThatMake(Core, "Clearance").Distinct().ToList();
        Assert.True(makers.All(m => m.StartsWith("ContactDesk", StringComparison.Ordinal) || m.StartsWith("<", StringComparison.Ordinal)), $"A Clearance is made outside ContactDesk: {string.Join(", ", makers)}. Everything that reaches a customer passes the guard there.");
    }

    [Fact]
    public void Tables_never_leave_their_room()
    {
        var leaked = Core.GetTypes().Where(t => t.Name.EndsWith("Table", StringComparison.Ordinal) && t.IsPublic && t.Name is not "JournalTable").Select(t => t.FullName).ToList();
        Assert.True(leaked.Count == 0, $"{string.Join(", ", leaked)} is public. Other rooms ask the desk; make the table internal.");
    }

    [Fact]
    public void Desks_have_few_things_in_hand()
    {
        string[] reasons =
        [
        ];
        var crowded = Core.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && !t.Name.Contains('<', StringComparison.Ordinal) && !t.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))
            .Where(t => (t.Name.EndsWith("Desk", StringComparison.Ordinal) || t.Name.EndsWith("Reactions", StringComparison.Ordinal) || t.Name.EndsWith("Board", StringComparison.Ordinal)) && t.GetConstructors().Any(c => c.GetParameters().Length > 5))
            .Select(t => t.Name).Except(reasons).ToList();
        Assert.True(crowded.Count == 0, $"{string.Join(", ", crowded)} takes more than five things. It does two jobs: split it, or say here why not.");
    }

    private static HashSet<(string Type, string Member)> Calls(Assembly assembly)
    {
        using var stream = File.OpenRead(assembly.Location);
        using var pe = new PEReader(stream);
        var metadata = pe.GetMetadataReader();
        return [.. metadata.MemberReferences.Select(metadata.GetMemberReference).Where(m => m.Parent.Kind == HandleKind.TypeReference).Select(m => (Name(metadata, (TypeReferenceHandle)m.Parent), metadata.GetString(m.Name)))];
    }

    private static IEnumerable<string> TypesUsed(Assembly assembly)
    {
        using var stream = File.OpenRead(assembly.Location);
        using var pe = new PEReader(stream);
        var metadata = pe.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(handle => Name(metadata, handle))];
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    /// <summary>Methods whose body holds a <c>newobj</c> of a constructor of this type of the same assembly.</summary>
    private static IEnumerable<string> MethodsThatMake(Assembly assembly, string typeName)
    {
        var constructor = assembly.GetTypes().Single(t => t.Name == typeName).GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance).Select(c => c.MetadataToken).ToHashSet();
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var type in assembly.GetTypes())
            foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
            {
                var body = method.GetMethodBody()?.GetILAsByteArray() ?? [];
                for (var i = 0; i + 4 < body.Length; i++)
                    if (body[i] == 0x73 && constructor.Contains(BitConverter.ToInt32(body, i + 1))) yield return (type.DeclaringType ?? type).Name;
            }
    }
}
