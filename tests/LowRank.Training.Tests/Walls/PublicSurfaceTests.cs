using System.ComponentModel;
using System.Reflection;
using LowRank.Models;
using LowRank.Training.Loop;

namespace LowRank.Training.Tests.Walls;

/// <summary>
/// Public is what README, docs and samples name, what generated code calls, which is hidden from completion, and what is in the
/// signatures of either. The rest is internal.
/// </summary>
public sealed class PublicSurfaceTests
{
    private static readonly Type[] Exported =
    [
        .. typeof(LanguageModel).Assembly.GetExportedTypes(),
        .. typeof(Trainer).Assembly.GetExportedTypes(),
    ];

    [Fact]
    public void Every_public_type_is_named_for_users_or_called_by_generated_code()
    {
        var named = PublishedNames.Read();
        var known = new HashSet<Type>();
        var open = new Stack<Type>(Exported.Where(type => named.InDocs(type) || (IsHidden(type) && named.InGeneratedCode(type))));
        while (open.TryPop(out var type))
        {
            if (!known.Add(type))
                continue;
            foreach (var other in SignatureTypes.Of(type).Intersect(Exported))
                open.Push(other);
        }

        var unknown = Exported.Except(known).Select(type => type.FullName).Order(StringComparer.Ordinal).ToList();
        Assert.True(
            unknown.Count == 0,
            $"Make internal, name in README, docs or a sample, or, where generated code calls it, hide from completion: {string.Join(", ", unknown)}"
        );
    }

    private static bool IsHidden(Type type) => type.GetCustomAttribute<EditorBrowsableAttribute>() is { State: EditorBrowsableState.Never };
}
