using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>The rules about declarations, all of them.</summary>
internal static class DeclarationRules
{
    private static readonly Type[] Holders =
    [
        typeof(ClassRules),
        typeof(CostRules),
        typeof(ExpertRules),
        typeof(LoraRules),
        typeof(LowRankRules),
        typeof(ModuleRules),
        typeof(RankNotes),
        typeof(ShapeRules),
        typeof(SublayerRules),
        typeof(TrainingRules),
    ];

    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        Holders
            .SelectMany(holder => holder.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Select(field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>()
            .Where(rule => rule != ClassRules.MisplacedAttribute && rule != ClassRules.UnknownOption)
            .ToImmutableArray();
}
