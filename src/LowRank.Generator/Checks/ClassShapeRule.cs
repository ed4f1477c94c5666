using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks;

/// <summary>What is declared is a plain class whose base class is the generator's to choose.</summary>
/// <param name="baseClass">What is said about a base class of the user's own: it names the one that is generated.</param>
internal sealed class ClassShapeRule(DiagnosticDescriptor baseClass) : IRule<IDeclaration>
{
    public IEnumerable<Finding> Check(IDeclaration declaration)
    {
        var type = declaration.Type;
        if (type.Obstacle is { } obstacle)
            yield return Finding.Of(ClassRules.ClassShape, Target.Class, type.Name, obstacle);
        if (type.BaseClass is { } own)
            yield return Finding.Of(baseClass, Target.Class, type.Name, own);
    }
}
