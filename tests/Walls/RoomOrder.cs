using System.Reflection;
using NetArchTest.Rules;

namespace LowRank.Tests.Walls;

/// <summary>The folders of a library in the order of docs/architecture.md: each knows those before it alone.</summary>
/// <param name="assembly">The library.</param>
/// <param name="root">Its root namespace; a folder is a namespace below it.</param>
/// <param name="rooms">The folders.</param>
internal sealed class RoomOrder(Assembly assembly, string root, params string[] rooms)
{
    /// <summary>Types of the root namespace, by the folder that they stand in.</summary>
    public Dictionary<string, string> Exceptions { get; } = new(StringComparer.Ordinal);

    /// <summary>The folder of everything else in the root namespace; null where that belongs to all.</summary>
    public string? RootRoom { get; init; }

    /// <summary>Fails when a folder knows a later one.</summary>
    public void AssertLooksBack(string room)
    {
        Assert.Contains(assembly.GetTypes(), type => RoomOf(type) == room);
        var later = rooms.SkipWhile(other => other != room).Skip(1).ToHashSet(StringComparer.Ordinal);
        if (later.Count == 0)
            return;
        var looking = Knowing(later).Where(type => RoomOf(type) == room).Select(type => type.FullName);
        Assert.True(!looking.Any(), $"{room} knows a later room: {string.Join(", ", looking)}");
    }

    /// <summary>Fails when a type stands in no folder of the list.</summary>
    public void AssertNoneIsHomeless() =>
        Assert.DoesNotContain(assembly.GetTypes(), type => RoomOf(type) is { } room && !rooms.Contains(room, StringComparer.Ordinal));

    /// <summary>The types that know one of some folders.</summary>
    public IEnumerable<Type> Knowing(IReadOnlySet<string> some) =>
        Types
            .InAssembly(assembly)
            .That()
            .HaveDependencyOnAny([
                .. some.Where(room => room != RootRoom).Select(room => $"{root}.{room}"),
                .. Exceptions.Where(exception => some.Contains(exception.Value)).Select(exception => exception.Key),
            ])
            .GetTypes();

    private string? RoomOf(Type type)
    {
        var outer = type;
        while (outer.DeclaringType is { } declaring)
            outer = declaring;
        if (Exceptions.TryGetValue(outer.FullName!, out var room))
            return room;
        return outer.Namespace == root ? RootRoom
            : outer.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true ? outer.Namespace[(root.Length + 1)..].Split('.')[0]
            : null;
    }
}
