using System.Globalization;
using System.Text;

namespace LowRank.Generator.Model;

/// <summary>
/// The class that registers an assembly's models. It is public and called by the assemblies that reference this one, so it bears the
/// assembly's name: two of one name could not be told apart.
/// </summary>
internal static class CatalogNames
{
    public const string Namespace = "LowRank.Generated";

    public static string ClassOf(string assembly)
    {
        var name = new StringBuilder("DeclaredModelsOf_");
        foreach (var letter in assembly)
        {
            if (letter is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9')
                name.Append(letter);
            else if (letter == '.')
                name.Append('_');
            else
                name.Append("__").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
        }

        return name.ToString();
    }
}
