using LowRank.Generator.Checks.Modules;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The generated files of one module.</summary>
internal static class ModuleFile
{
    /// <summary>
    /// The module and, in a file of its own, what it costs; none where no other part of the class can be written, or where another
    /// generator's part is written.
    /// </summary>
    public static IEnumerable<GeneratedFile> AllOf(CheckedModule declared, EquatableArray<string> sharedNames)
    {
        var declaration = declared.Declaration;
        if (!declaration.Type.CanBeExtended || declaration.IsTransformer)
            return [];
        var name = HintNames.OfModule(HintNames.Of(declaration.Type, sharedNames));
        return declared.Module is { } module
            ?
            [
                new(name, ModuleSource.Write(module)),
                new(HintNames.OfCosts(name), TypeFrame.WritePart(declaration.Type, writer => ModuleCostSource.Write(writer, module))),
            ]
            : [new(name, ModuleStubSource.Write(declared))];
    }
}
