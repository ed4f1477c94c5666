using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>What keeps a property from being a get-only instance property of some type.</summary>
internal static class PropertyForm
{
    /// <summary>What is wrong with it, in words.</summary>
    /// <param name="property">The property.</param>
    /// <param name="isOfType">Whether it is of the right type.</param>
    /// <param name="beside">What its attribute says that its type goes with, or "".</param>
    public static IEnumerable<string> Wrong(PropertyShape property, bool isOfType, string beside = "")
    {
        if (property.Oddity is { } oddity)
        {
            yield return oddity;
            yield break;
        }

        // Of a type that is none C# has spoken.
        if (!isOfType && property.HasKnownType)
            yield return $"of type {property.Type.Replace("global::", "")}{beside}";
        if (property.IsStatic)
            yield return "static";
        if (property.Accessors.Count == 0)
            yield return "without a getter";
        if (property.Accessors.Any(accessor => accessor != "get"))
            yield return "not get-only";
    }
}
