using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The generated part of a module: its layers and how they are built.</summary>
internal static class ModuleSource
{
    public static string Write(CostedModule costed)
    {
        var (type, body) = (costed.Declaration.Type, costed.Declaration.Body);
        return TypeFrame.Write(
            type,
            " : Models::DeclaredModule",
            writer => ModuleRemarks.WriteModule(writer, costed),
            writer =>
            {
                ModuleConstructorSource.Write(writer, costed);
                writer.Line();
                foreach (var (member, cost) in body.Members.Zip(costed.Members, (member, cost) => (member, cost)))
                {
                    ModuleRemarks.WriteMember(writer, member, cost, body);
                    writer.Write(
                        $"{member.Property.Modifiers} {member.Property.Type} {Literals.Identifier(member.Name)} {{ get => field; }}\n"
                    );
                }

                writer.Write(
                    """
                    /// <summary>Called when the layers are built and weights not yet drawn: for what else there is to do.</summary>
                    /// <param name="options">How the module is built.</param>
                    partial void OnCreated(Layers::ModelOptions options);
                    """
                );
            }
        );
    }
}
