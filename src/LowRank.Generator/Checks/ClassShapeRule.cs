using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>A model is a plain class whose base class is the generator's to choose.</summary>
internal sealed class ClassShapeRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        var type = declaration.Type;
        if (type.Obstacle is { } obstacle)
            yield return Finding.Of(ClassRules.ClassShape, Target.Class, type.Name, obstacle);
        if (type.BaseClass is { } baseClass)
            yield return Finding.Of(ClassRules.BaseClass, Target.Class, type.Name, baseClass);
    }
}
