using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The generated files of one module.</summary>
internal static class ModuleFiles
{
    /// <summary>
    /// The files; none where no other part of the class can be written at all, or where it is written for a transformer.
    /// </summary>
    public static IEnumerable<GeneratedFile> Of(Checked<ModuleDeclaration, CostedModule> declared, EquatableArray<string> sharedNames)
    {
        var type = declared.Declaration.Type;
        return type.CanBeExtended && !declared.Declaration.IsTransformer
            ? GeneratedFile.AllOf(
                declared,
                HintNames.OfModule(HintNames.Of(type, sharedNames)),
                ModuleSource.Write,
                module => TypeFrame.WritePart(type, writer => ModuleCostSource.Write(writer, module)),
                new ModuleStub()
            )
            : [];
    }

    private sealed class ModuleStub() : StubSource("DeclaredModule", incomplete: "arguments, types or parts")
    {
        protected override string Arguments(TypeShape type) => Literals.Of(type.Name);

        protected override void WriteHook(SourceWriter writer, TypeShape type, bool isClassSound)
        {
            // No member may have the name of its class.
            if (type.Name != ModuleNames.Hook && !type.Members.Contains(ModuleNames.Hook))
                writer.Write("partial void OnCreated(global::LowRank.Layers.ModelOptions options);");
            if (isClassSound)
                writer.Line();
        }
    }
}
