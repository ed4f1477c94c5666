using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>What a module declares of itself is no negative number.</summary>
internal sealed class OwnCostsRule : IRule<ModuleDeclaration>
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration) =>
        declaration
            .Body.Own.Named.Where(number => number.Value < 0)
            .Select(number =>
                Finding.Of(
                    ModuleRules.OwnCostNegative,
                    new Target(Attribute: "Module").At(number.Name),
                    number.Name,
                    declaration.Type.Name,
                    number.Value!
                ) with
                {
                    Suggestion = "0",
                }
            );
}
