using System.Globalization;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Syntax;

/// <summary>What is set: a name, a member of a namespace, or several names at once.</summary>
/// <param name="offset">Where in the template's text it is.</param>
/// <param name="name">The name; null for several.</param>
/// <param name="member">The member of the namespace that the name stands for; null for the name itself.</param>
/// <param name="parts">The several.</param>
internal sealed class Target(int offset, string? name, string? member, IReadOnlyList<Target> parts)
{
    /// <summary>Sets it.</summary>
    /// <exception cref="TemplateFault">There are more or fewer values, or the name stands for no namespace.</exception>
    public void Set(Scope scope, object? value, Rendering rendering)
    {
        rendering.At = offset;
        if (name is null)
            SetParts(scope, value, rendering);
        else if (member is null)
            scope.Set(name, value);
        else if (rendering.Find(name) is TemplateNamespace names)
            names.Members[member] = value;
        else
            throw new TemplateFault($"'{name}.{member}' can't be set, since '{name}' is no namespace");
    }

    private void SetParts(Scope scope, object? value, Rendering rendering)
    {
        var values = Sequences.All(value, rendering.Budget);
        if (values.Count != parts.Count)
            throw new TemplateFault(
                string.Create(CultureInfo.InvariantCulture, $"{parts.Count} names are set at once, and there are {values.Count} values")
            );
        for (var index = 0; index < parts.Count; index++)
            parts[index].Set(scope, values[index], rendering);
    }
}
