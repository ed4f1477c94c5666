using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The generated files of one transformer.</summary>
internal static class TransformerFiles
{
    /// <summary>The files; none where no other part of the class can be written at all.</summary>
    public static IEnumerable<GeneratedFile> Of(
        Checked<TransformerDeclaration, CostedTransformer> declared,
        EquatableArray<string> sharedNames
    )
    {
        var type = declared.Declaration.Type;
        return type.CanBeExtended
            ? GeneratedFile.AllOf(declared, HintNames.Of(type, sharedNames), TransformerSource.Write, CostFile.Write, new TransformerStub())
            : [];
    }

    private sealed class TransformerStub() : StubSource("DeclaredTransformer", incomplete: "arguments or types")
    {
        protected override string Arguments(TypeShape type) => $"\"{Literals.Identifier(type.Name)}\", null!";

        protected override void WriteMethods(SourceWriter writer, string failure) =>
            writer.Write(
                $"""

                /// <inheritdoc/>
                public override Torch::torch.Tensor Hidden(Torch::torch.Tensor tokens, Layers::KeyValueCache? cache = null) => {failure};
                """
            );
    }
}
