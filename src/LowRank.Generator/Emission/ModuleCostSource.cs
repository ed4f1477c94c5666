using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>The accounting of a module as constants.</summary>
internal static class ModuleCostSource
{
    public static void Write(SourceWriter writer, CostedModule costed)
    {
        writer.Write(
            """
            /// <summary>
            /// What the module costs. FLOPs count a multiply-add as 2 and are those of one row (one token, one patch) through every linear
            /// layer once; how often a layer runs, and what is computed between the layers, is the business of forward.
            /// </summary>
            """
        );
        using (writer.Block("public static class Cost"))
        {
            WriteNumbers(writer, costed.Total);
            if (LanguageModuleCosts.Of(costed) is { } model)
                LanguageModuleSource.WriteSummary(writer, model, costed.Declaration);
            foreach (var member in costed.Members)
            {
                writer.Line();
                writer.Write($"/// <summary>What {member.Name} costs, all of its layers together.</summary>");
                using (writer.Block($"public static class {Literals.Identifier(member.Name)}"))
                    WriteNumbers(writer, member);
            }
        }
    }

    private static void WriteNumbers(SourceWriter writer, MemberCost cost)
    {
        Constant(writer, "Parameters once every guide is gone.", "Parameters", cost.Parameters);
        writer.Line();
        Constant(writer, "Parameters of all guides, while they exist.", "GuideParameters", cost.GuideParameters);
        writer.Line();
        Constant(writer, "Parameters at the first step, guides included.", "ParametersAtStart", cost.ParametersAtStart);
        writer.Line();
        Constant(writer, "Forward FLOPs per row once every guide is gone.", "ForwardFlopsPerRow", cost.ForwardFlopsPerRow);
        writer.Line();
        Constant(writer, "Forward FLOPs per row while every guide is present.", "GuidedForwardFlopsPerRow", cost.GuidedForwardFlopsPerRow);
        if (cost.AdapterParameters > 0)
        {
            writer.Line();
            Constant(
                writer,
                "Parameters of the adapters, which exist in the variant lora alone.",
                "AdapterParameters",
                cost.AdapterParameters
            );
        }

        writer.Line();
        Constant(
            writer,
            "FLOPs per optimizer step for forming effective weights and projecting their gradients, Σ 6·r·m·n.",
            "ProjectionFlopsPerStep",
            cost.ProjectionFlopsPerStep
        );
    }

    private static void Constant(SourceWriter writer, string summary, string name, long value) =>
        writer.Write($"/// <summary>{summary}</summary>\npublic const long {name} = {Literals.Grouped(value)};");
}
