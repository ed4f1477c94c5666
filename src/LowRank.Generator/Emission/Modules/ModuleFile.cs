using LowRank.Generator.Checks.Modules;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission.Modules;

/// <summary>The generated file of one module.</summary>
internal static class ModuleFile
{
    /// <summary>The file; null where no other part of the class can be written, or where another generator's part is written.</summary>
    public static ModelFile? Of(ModuleVerdict verdict, EquatableArray<string> sharedNames)
    {
        var declaration = verdict.Declaration;
        if (!declaration.Type.CanBeExtended || declaration.IsTransformer)
            return null;
        var name = HintNames.Of(declaration.Type, sharedNames);
        // A model of the same name in other case has a file, too.
        return new(
            name.Substring(0, name.Length - ".g.cs".Length) + "-module.g.cs",
            verdict.Module is { } module ? ModuleSource.Write(module) : ModuleStubSource.Write(verdict)
        );
    }
}
