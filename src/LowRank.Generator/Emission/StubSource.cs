using LowRank.Generator.Checks;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>
/// The part of a class whose declaration has errors: it implements what the declaration and its users need to compile, so that the
/// errors stand alone and not among the compiler's complaints about missing parts.
/// </summary>
internal static class StubSource
{
    public static string Write(CheckedDeclaration declared)
    {
        var type = declared.Declaration.Type;
        var reason =
            declared.Errors.Count > 0
                ? $"declared with errors ({string.Join(", ", declared.Errors)})"
                : "declared with arguments that do not compile";
        var failure = $"throw new global::System.InvalidOperationException({Literals.Of($"{type.Name} is {reason}.")})";
        return TypeFrame.Write(
            type,
            declared.IsClassSound ? " : Models::DeclaredTransformer" : "",
            writer => writer.Write($"// {type.Name} is {reason}: this part only keeps the declaration compiling."),
            writer =>
            {
                foreach (
                    var property in declared
                        .Declaration.Sublayers.Select(sublayer => sublayer.Property)
                        .Where(property => property.IsPartial)
                )
                    WriteProperty(writer, property, failure);
                if (declared.IsClassSound)
                    WriteModel(writer, Literals.Identifier(type.Name), failure);
            }
        );
    }

    private static void WriteProperty(SourceWriter writer, PropertyShape property, string failure)
    {
        using (writer.Block($"{property.Modifiers} {property.Type} {Literals.Identifier(property.Name)}"))
        {
            foreach (var accessor in property.Accessors)
                writer.Write($"{accessor} => {failure};");
        }

        writer.Line();
    }

    private static void WriteModel(SourceWriter writer, string className, string failure) =>
        writer.Write(
            $"""
            /// <summary>Throws: the declaration has errors.</summary>
            /// <param name="options">Not used.</param>
            public {className}(Layers::ModelOptions? options = null)
                : base("{className}", null!, options ??= new Layers::ModelOptions()) => {failure};

            /// <inheritdoc/>
            public override Torch::torch.Tensor Hidden(Torch::torch.Tensor tokens, Layers::KeyValueCache? cache = null) => {failure};
            """
        );
}
