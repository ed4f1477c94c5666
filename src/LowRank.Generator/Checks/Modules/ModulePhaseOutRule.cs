using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>The guide is gone after a fraction in (0, 1] of training, and its enums are values of theirs.</summary>
internal sealed class ModulePhaseOutRule : IModuleRule
{
    public IEnumerable<Finding> Check(ModuleDeclaration declaration)
    {
        foreach (var lowRank in declaration.Body.LowRanks)
        {
            if (lowRank.PhaseOut is not (> 0 and <= 1))
                yield return Finding.Of(LowRankRules.PhaseOut, lowRank.Origin.At("phaseOut"), lowRank.PhaseOut);
            foreach (var (argument, value) in Enums(lowRank))
            {
                if (!Enum.IsDefined(value.GetType(), value))
                {
                    yield return Finding.Of(
                        ShapeRules.UndefinedEnum,
                        lowRank.Origin.At(argument),
                        argument,
                        value.ToString("D"),
                        value.GetType().Name,
                        string.Join(", ", Enum.GetNames(value.GetType()))
                    );
                }
            }
        }
    }

    private static IEnumerable<(string Argument, Enum Value)> Enums(LowRankOptions lowRank)
    {
        yield return ("Guide", lowRank.Guide);
        yield return ("Schedule", lowRank.Schedule);
        yield return ("Initialization", lowRank.Initialization);
        if (lowRank.Activation is { } activation)
            yield return ("Activation", activation);
    }
}
