using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>A sound module with its accounting: all that an emitter needs.</summary>
internal sealed record CostedModule(ModuleDeclaration Declaration, EquatableArray<MemberCost> Members, MemberCost Total)
{
    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static CostedModule Of(ModuleDeclaration declaration)
    {
        var members = declaration.Body.Members.Select(member => MemberCost.Of(member, declaration.Body)).ToList();
        var total = MemberCost.OfBody(declaration.Type.Name, declaration.Body);
        _ = total.ParametersAtStart;
        return new(declaration, new(members), total);
    }
}
