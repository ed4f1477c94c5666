using System.Collections.Immutable;
using LowRank.Generator.Checks;

namespace LowRank.Generator.Parsing;

/// <summary>
/// What a diagnostic carries beside its message. A rule that suggests a value, or attributes, has a code fix by that alone: the fix reads
/// these and works nothing out again.
/// </summary>
internal static class FindingProperties
{
    /// <summary>The name of the argument that the suggested value is for.</summary>
    public const string Argument = "Argument";

    /// <summary>Attributes that a sublayer could have.</summary>
    public const string Attributes = "Attributes";

    /// <summary>There where the argument can be left out.</summary>
    public const string Removable = "Removable";

    public static ImmutableDictionary<string, string?> Of(Finding finding)
    {
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (finding.Attributes is { } attributes)
            properties = properties.Add(Attributes, attributes);
        if (finding.IsRemovable)
            properties = properties.Add(Removable, null);
        if (finding.Suggestion is { } suggestion)
            properties = properties.Add(Finding.SuggestionProperty, suggestion);
        return finding.Suggestion is not null || finding.IsRemovable
            ? properties.Add(Argument, (finding.SuggestionFor ?? finding.Target).Argument)
            : properties;
    }
}
