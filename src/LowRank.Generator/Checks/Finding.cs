using System.Globalization;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks;

/// <summary>What a rule found: which rule, where, and the values it compared, already in the invariant culture.</summary>
internal sealed record Finding(DiagnosticDescriptor Rule, Target Target, EquatableArray<string> Arguments)
{
    public static Finding Of(DiagnosticDescriptor rule, Target target, params object[] arguments) =>
        new(rule, target, new(arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "")));

    /// <summary>The key under which a diagnostic carries <see cref="Suggestion"/>, for code fixes.</summary>
    public const string SuggestionProperty = "Suggestion";

    /// <summary>A value that would be right in the argument's place, so that a code fix need not work it out again.</summary>
    public string? Suggestion { get; init; }

    /// <summary>The key under which a diagnostic carries <see cref="RankThatFits"/>; its first additional location is the rank to replace.</summary>
    public const string RankThatFitsProperty = "RankThatFits";

    /// <summary>The largest rank that would be right in the place of the one at <see cref="RankTarget"/>.</summary>
    public string? RankThatFits { get; init; }

    /// <summary>Where that rank stands.</summary>
    public Target? RankTarget { get; init; }

    public bool IsError => Rule.DefaultSeverity == DiagnosticSeverity.Error;
}
