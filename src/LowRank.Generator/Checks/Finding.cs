using System.Globalization;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks;

/// <summary>What a rule found: which rule, where, and the values it compared, already in the invariant culture.</summary>
internal sealed record Finding(DiagnosticDescriptor Rule, Target Target, EquatableArray<string> Arguments)
{
    public static Finding Of(DiagnosticDescriptor rule, Target target, params object[] arguments) =>
        new(rule, target, new(arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "")));

    public bool IsError => Rule.DefaultSeverity == DiagnosticSeverity.Error;
}
