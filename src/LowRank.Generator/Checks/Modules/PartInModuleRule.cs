using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Modules;

/// <summary>A part of a module says nothing that only a sublayer of a transformer can.</summary>
internal sealed class PartInModuleRule : IRule<ModuleMember>
{
    public IEnumerable<Finding> Check(ModuleMember member) =>
        member.IdleArguments.Select(argument =>
            IdleOption.Of(
                member.AttributeTarget.At(argument),
                member.Name,
                argument == "Layers"
                    ? "a module has no blocks over which the part could range"
                    : "within a module the property's type says which class it is"
            )
        );
}
