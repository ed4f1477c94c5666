using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// What a layer or part of a module costs, all its copies together. FLOPs are those of one row through every linear once, a
/// multiply-add as 2; how often a layer runs is the business of the user's <c>forward</c>.
/// </summary>
internal sealed record MemberCost(
    string Name,
    long Parameters,
    long GuideParameters,
    long ForwardFlopsPerRow,
    long GuidedForwardFlopsPerRow,
    long ProjectionFlopsPerStep
)
{
    /// <summary>What an empty module costs.</summary>
    public static MemberCost Nothing { get; } = new("", 0, 0, 0, 0, 0);

    /// <summary>Parameters of adapters, counted apart: they exist in the variant <c>lora</c> alone.</summary>
    public long AdapterParameters { get; init; }

    public long ParametersAtStart => checked(Parameters + GuideParameters);

    public static MemberCost Of(ModuleMember member, ModuleBody owner) => Single(member, owner).Times(member.Copies);

    /// <summary>All of a module: its members, and what its class declares of itself.</summary>
    public static MemberCost OfBody(string name, ModuleBody body) =>
        Sum(name, body.Members.Select(member => Of(member, body)).Append(Own(name, body.Own)));

    private static MemberCost Own(string name, OwnCosts own) =>
        new(name, own.Parameters ?? 0, 0, own.FlopsPerRow ?? 0, own.FlopsPerRow ?? 0, 0);

    private static MemberCost Sum(string name, IEnumerable<MemberCost> costs) =>
        costs.Aggregate(
            Nothing with
            {
                Name = name,
            },
            (sum, cost) =>
                checked(
                    new(
                        name,
                        sum.Parameters + cost.Parameters,
                        sum.GuideParameters + cost.GuideParameters,
                        sum.ForwardFlopsPerRow + cost.ForwardFlopsPerRow,
                        sum.GuidedForwardFlopsPerRow + cost.GuidedForwardFlopsPerRow,
                        sum.ProjectionFlopsPerStep + cost.ProjectionFlopsPerStep
                    )
                    {
                        AdapterParameters = sum.AdapterParameters + cost.AdapterParameters,
                    }
                )
        );

    private static MemberCost Single(ModuleMember member, ModuleBody owner)
    {
        if (member.Kind != MemberKind.Linear)
            return member.Part is { } part ? OfBody(member.Name, part) : new(member.Name, member.TableParameters, 0, 0, 0, 0);
        var model = owner.LinearOf(member);
        var linear = LinearCost.Of(model);
        return new(
            member.Name,
            linear.Parameters,
            linear.GuideParameters,
            linear.ForwardFlopsPerToken,
            linear.GuidedForwardFlopsPerToken,
            linear.ProjectionFlopsPerStep
        )
        {
            AdapterParameters = model.Lora is { } lora ? checked((long)lora.Rank * ((long)model.Inputs + model.Outputs)) : 0,
        };
    }

    private MemberCost Times(int count) =>
        checked(
            new(
                Name,
                count * Parameters,
                count * GuideParameters,
                count * ForwardFlopsPerRow,
                count * GuidedForwardFlopsPerRow,
                count * ProjectionFlopsPerStep
            )
            {
                AdapterParameters = count * AdapterParameters,
            }
        );
}
