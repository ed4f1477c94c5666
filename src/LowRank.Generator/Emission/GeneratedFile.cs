using LowRank.Generator.Checks;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>A generated file of one declaration.</summary>
internal sealed record GeneratedFile(string HintName, string Source)
{
    /// <summary>The model and, in a file of its own, what it costs; none where no other part of the class can be written at all.</summary>
    public static IEnumerable<GeneratedFile> AllOf(CheckedDeclaration declared, EquatableArray<string> sharedNames)
    {
        var type = declared.Declaration.Type;
        if (!type.CanBeExtended)
            return [];
        var name = HintNames.Of(type, sharedNames);
        return declared.Model is { } model
            ? [new(name, TransformerSource.Write(model)), new(HintNames.OfCosts(name), CostFile.Write(model))]
            : [new(name, StubSource.Write(declared))];
    }
}
