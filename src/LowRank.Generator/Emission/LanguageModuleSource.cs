using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The accounting of a module that is a language model, as tools read it.</summary>
internal static class LanguageModuleSource
{
    public static void WriteSummary(SourceWriter writer, LanguageModuleCosts costs, ModuleDeclaration declaration)
    {
        var name = declaration.Type.Name;
        writer.Line();
        writer.Write("/// <summary>What the model costs per token, for tools; what runs more than once per token is not known.</summary>");
        writer.Write("public static Costs::ModelCost Summary { get; } = new(");
        using (writer.Indent())
        {
            writer.Write(
                $"{Literals.Of(name)},\nContext: {Literals.Of(costs.Options.Context)},\nParameters: Parameters,\n"
                    + $"ForwardFlopsPerToken: {Literals.Of(costs.ForwardFlopsPerToken)},\nScoreFlopsPerToken: 0,\nSublayers:"
            );
            using (writer.Block(null, "],", "["))
            {
                foreach (var (member, cost) in declaration.Body.Members.Zip(costs.Members, (member, cost) => (member, cost)))
                    WriteMember(writer, member, cost, declaration.Body);
                WriteRest(writer, costs, declaration.Body.Own);
            }

            CostSource.WriteGuides(writer, [.. costs.Guides]);
            writer.Write("Run: null);");
        }
    }

    private static void WriteMember(SourceWriter writer, ModuleMember member, MemberCost cost, ModuleBody body)
    {
        var linears = member.Kind == MemberKind.Linear ? [body.LinearOf(member)] : Array.Empty<LinearModel>();
        var kind = member.Kind switch
        {
            MemberKind.Embedding => "embedding",
            MemberKind.Normalization => "norm",
            MemberKind.Linear => "linear",
            _ => "part",
        };
        WritePart(writer, member.Name, kind, linears, cost, []);
    }

    private static void WriteRest(SourceWriter writer, LanguageModuleCosts costs, OwnCosts own)
    {
        var (parameters, flops) = (own.Parameters ?? 0, own.FlopsPerRow ?? 0);
        var unknown = costs.Whole.Unknown.ToList();
        if (parameters > 0 || flops > 0 || unknown.Count > 0)
            WritePart(writer, "Own", "own", [], new("Own", parameters, 0, flops, flops, 0), unknown);
        if (costs.IsTied)
            WritePart(writer, "Head", "head", [], new("Head", 0, 0, costs.HeadFlops, costs.HeadFlops, 0), []);
    }

    private static void WritePart(
        SourceWriter writer,
        string name,
        string kind,
        LinearModel[] linears,
        MemberCost cost,
        List<string> unknown
    ) =>
        writer.Write(
            $"new({Literals.Of(name)}, {Literals.Of(kind)}, FirstBlock: 0, Count: 1, Rank: {Literals.Of(linears.Select(linear => linear.Rank).DefaultIfEmpty(0).Max())}, "
                + $"Parameters: {Literals.Of(cost.Parameters)}, GuideParameters: {Literals.Of(cost.GuideParameters)}, "
                + $"ForwardFlopsPerToken: {Literals.Of(cost.ForwardFlopsPerRow)}, ScoreFlopsPerToken: 0, "
                + $"GuidedForwardFlopsPerToken: {Literals.Of(cost.GuidedForwardFlopsPerRow)}, ProjectionFlopsPerStep: {Literals.Of(cost.ProjectionFlopsPerStep)})"
                + $" {{ Weights = [{string.Join(", ", linears.Select(linear => CostSource.New(Costs.WeightShape.Of(linear))))}]"
                + (unknown.Count == 0 ? "" : $", Unknown = [{string.Join(", ", unknown.Select(Literals.Of))}]")
                + " },"
        );
}
