using System.Globalization;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks;

/// <summary>What a rule found: which rule, where, and the values it compared, already in the invariant culture.</summary>
internal sealed record Finding(DiagnosticDescriptor Rule, Target Target, EquatableArray<string> Arguments)
{
    public static Finding Of(DiagnosticDescriptor rule, Target target, params object[] arguments) =>
        new(rule, target, new(arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "")));

    /// <summary>A part of a message, in the invariant culture.</summary>
    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>The key under which a diagnostic carries <see cref="Suggestion"/>, for code fixes.</summary>
    public const string SuggestionProperty = "Suggestion";

    /// <summary>A value that would be right in the argument's place, so that a code fix need not work it out again.</summary>
    public string? Suggestion { get; init; }

    /// <summary>
    /// The argument that the suggestion is for, or the whole attribute, where it is not the argument that the finding is about.
    /// </summary>
    public Target? SuggestionFor { get; init; }

    /// <summary>Whether the declaration is right without the argument.</summary>
    public bool IsRemovable { get; init; }

    /// <summary>Attributes that would make the target right, for code fixes; alternatives as in <see cref="Suggestions"/>.</summary>
    public string? Attributes { get; init; }

    public bool IsError => Rule.DefaultSeverity == DiagnosticSeverity.Error;
}
