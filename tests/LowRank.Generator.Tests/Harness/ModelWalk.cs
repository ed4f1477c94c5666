using System.Collections;
using System.Reflection;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Harness;

/// <summary>Walks what the pipeline holds on to and fails on anything that keeps a compilation alive.</summary>
internal static class ModelWalk
{
    public static void AssertFree(GeneratorRunResult result)
    {
        // The parse holds positions by design; everything behind it is a model.
        string[] steps =
        [
            TrackingNames.Declaration,
            TrackingNames.Checked,
            TrackingNames.CatalogEntry,
            TrackingNames.Catalog,
            TrackingNames.SharedNames,
        ];
        foreach (var step in steps.Where(result.TrackedSteps.ContainsKey))
        {
            foreach (var (value, _) in result.TrackedSteps[step].SelectMany(run => run.Outputs))
                Walk(value, step, new(ReferenceEqualityComparer.Instance));
        }
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
            return;
        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or Location or Compilation or SemanticModel or SourceMap,
            $"{path} holds a {value.GetType().Name}."
        );
        if (value is IEnumerable items)
        {
            foreach (var item in items)
                Walk(item, path + "[]", seen);
            return;
        }

        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
    }
}
