using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>What is declared as a language model can be one, of positive sizes.</summary>
internal sealed class LanguageModelRule : IRule<ModuleDeclaration>
{
    private static readonly Target Target = new(Attribute: "LanguageModel");
    private static readonly SizeNotPositiveRule Sizes = new();

    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        if (declaration.LanguageModel is not { } model)
            return [];
        var name = declaration.Type.Name;
        var sizes = new[] { ("vocabulary", model.Vocabulary), ("context", model.Context), ("width", model.Width) }.SelectMany(size =>
            Sizes.Check(new(Target.At(size.Item1), name, size.Item2))
        );
        return model.IsLanguageModule ? sizes : sizes.Prepend(Finding.Of(ModuleRules.NoLanguageModule, Target, name));
    }
}
