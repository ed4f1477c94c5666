using System.Globalization;
using System.Text;

namespace LowRank.Generator.Model;

/// <summary>How a sublayer's name appears in generated code and in the state dictionary.</summary>
internal static class Identifiers
{
    public static string LayerClass(string sublayer) => sublayer + "Layer";

    public static string SublayerField(string sublayer) => Camel(sublayer) + "Sublayer";

    public static string RotaryField(string sublayer) => "rotary" + char.ToUpperInvariant(sublayer[0]) + sublayer.Substring(1);

    public static string FactoredField(string sublayer) => Camel(sublayer) + "Factored";

    /// <summary>
    /// The parameter or local variable that holds a sublayer of one block: its name in camel case, or that of its class where the
    /// constructor has a field, a parameter or an operator of the first.
    /// </summary>
    public static string Local(string sublayer)
    {
        var camel = Camel(sublayer);
        return IsTaken(camel) ? LayerClass(camel) : camel;
    }

    private static bool IsTaken(string name) =>
        name is "block" or "blocks" or "embedding" or "finalNorm" or "head" or "index" or "nameof" or "options" or "positions"
        || name.StartsWith("rotary", StringComparison.Ordinal)
        || name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').EndsWith("Factored", StringComparison.Ordinal)
        || name.EndsWith("Sublayer", StringComparison.Ordinal);

    /// <summary>The field that lists the layers which one <c>[LowRank]</c> factors.</summary>
    public static string FactoredField(Target origin) =>
        (
            origin.IsAssembly ? "assemblyFactored"
            : origin.Property is null ? "modelFactored"
            : FactoredField(origin.Property)
        ) + (origin.Index == 0 ? "" : (origin.Index + 1).ToString(CultureInfo.InvariantCulture));

    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>FeedForward → feed_forward, as PyTorch's state dictionaries spell.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord =
                char.IsUpper(name[i])
                && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
                && name[i - 1] != '_';
            if (startsWord)
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
