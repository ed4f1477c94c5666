using LowRank.Generator.Checks;

namespace LowRank.Generator.Emission;

/// <summary>The generated file of one declaration.</summary>
internal sealed record ModelFile(string HintName, string Source)
{
    /// <summary>The file; null where no other part of the class can be written at all.</summary>
    public static ModelFile? Of(Verdict verdict)
    {
        var type = verdict.Declaration.Type;
        if (!type.CanBeExtended)
            return null;
        // A generic class of the same name is refused, but its stub needs a file of its own.
        var arity = type.TypeParameters.Length == 0 ? "" : "_" + Literals.Of(type.TypeParameters.Split(',').Length);
        return new($"{type.FullName}{arity}.g.cs", verdict.Model is { } model ? ModelSource.Write(model) : StubSource.Write(verdict));
    }
}
