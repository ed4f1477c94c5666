using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>
/// The life of the guides: blended in before each optimizer step, their gradients projected after it, released at the end. Product decay is
/// added where gradients are projected.
/// </summary>
internal static class PhaseOutSource
{
    public static void Write(SourceWriter writer, CostedTransformer costed)
    {
        var groups = FactoredGroup.Of(costed).ToList();
        if (groups.Count == 0)
            return;
        if (groups.Exists(group => group.Guide is not null))
            WritePrepareStep(writer, groups);
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("protected override void ProjectGradients()"))
        {
            writer.Write("base.ProjectGradients();");
            foreach (var group in groups)
                writer.Write($"foreach (var linear in {group.Field})\n    linear.ProjectGradients();");
        }
    }

    private static void WritePrepareStep(SourceWriter writer, List<FactoredGroup> groups)
    {
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("protected override double PrepareStep(Phases::TrainingStep step)"))
        {
            writer.Write("var largest = base.PrepareStep(step);");
            foreach (var group in groups)
            {
                if (group.Guide is not { } guide)
                    continue;
                writer.Line();
                WriteGroup(writer, group, guide);
            }

            writer.Line();
            writer.Write("return largest;");
        }
    }

    private static void WriteGroup(SourceWriter writer, FactoredGroup group, GuideTotals guide)
    {
        var options = group.Options;
        var mix = options.Guide == Guide.Sampled ? "the mix, drawn with probability α for each layer" : "the exact mix";
        var schedule = options.Schedule == Schedule.Linear ? "linearly" : "by a cosine";
        writer.Write(
            $"// {group.Selection}: {mix}, phased out {schedule} " + $"over the first {Literals.Percent(options.PhaseOut)} of the steps."
        );
        using (writer.Block())
        {
            writer.Write($"var guidedSteps = Phases::PhaseOutSchedule.GuidedSteps(step.Total, {Literals.Of(options.PhaseOut)});");
            writer.Write($"var alpha = Phases::PhaseOutSchedule.{options.Schedule}(step.Index, guidedSteps);");
            if (options.Guide == Guide.Sampled)
            {
                var index = guide.FirstDraw == 0 ? "index" : $"{Literals.Of(guide.FirstDraw)} + index";
                writer.Write(
                    $$"""
                    for (var index = 0; index < {{group.Field}}.Count; index++)
                    {
                        if (step.Index >= guidedSteps)
                            {{group.Field}}[index].ReleaseGuide();
                        else
                            {{group.Field}}[index].Blend(alpha, drawn: Phases::GuideDraw.Uniform(step.Seed, step.Index, {{index}}) < alpha);
                    }
                    """
                );
            }
            else
            {
                writer.Write(
                    $$"""
                    foreach (var linear in {{group.Field}})
                    {
                        if (step.Index >= guidedSteps)
                            linear.ReleaseGuide();
                        else
                            linear.Blend(alpha);
                    }
                    """
                );
            }

            writer.Line();
            writer.Write("if (base.Options.Guided)\n    largest = global::System.Math.Max(largest, alpha);");
        }
    }
}
