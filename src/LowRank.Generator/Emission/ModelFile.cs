using LowRank.Generator.Checks;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The generated file of one declaration.</summary>
internal sealed record ModelFile(string HintName, string Source)
{
    /// <summary>The file; null where no other part of the class can be written at all.</summary>
    public static ModelFile? Of(Verdict verdict, EquatableArray<string> sharedNames) =>
        verdict.Declaration.Type.CanBeExtended
            ? new(
                HintNames.Of(verdict.Declaration.Type, sharedNames),
                verdict.Model is { } model ? ModelSource.Write(model) : StubSource.Write(verdict)
            )
            : null;
}
