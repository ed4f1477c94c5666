using LowRank.Generator.Checks.Modules;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>
/// The part of a module whose declaration has errors: it only keeps the declaration compiling, so that the errors stand alone.
/// </summary>
internal static class ModuleStubSource
{
    public static string Write(CheckedModule declared)
    {
        var type = declared.Declaration.Type;
        var reason =
            declared.Errors.Count > 0
                ? $"declared with errors ({string.Join(", ", declared.Errors)})"
                : "declared with arguments or parts that do not compile";
        var failure = $"throw new global::System.InvalidOperationException({Literals.Of($"{type.Name} is {reason}.")})";
        return TypeFrame.Write(
            type,
            declared.IsClassSound ? " : Models::DeclaredModule" : "",
            writer => writer.Write($"// {type.Name} is {reason}: this part only keeps the declaration compiling."),
            writer =>
            {
                foreach (
                    var property in declared
                        .Declaration.Body.Members.Select(member => member.Property)
                        .Where(property => property.IsPartial)
                )
                {
                    using (writer.Block($"{property.Modifiers} {property.Type} {Literals.Identifier(property.Name)}"))
                    {
                        foreach (var accessor in property.Accessors)
                            writer.Write($"{accessor} => {failure};");
                    }

                    writer.Line();
                }

                // No member may have the name of its class.
                if (type.Name != ModuleNames.Hook && !type.Members.Contains(ModuleNames.Hook))
                    writer.Write("partial void OnCreated(Layers::ModelOptions options);");
                if (!declared.IsClassSound)
                    return;
                writer.Write(
                    $"""

                    /// <summary>Throws: the declaration has errors.</summary>
                    /// <param name="options">Not used.</param>
                    public {Literals.Identifier(type.Name)}(Layers::ModelOptions? options = null)
                        : base({Literals.Of(type.Name)}, options ??= new Layers::ModelOptions()) => {failure};
                    """
                );
            }
        );
    }
}
