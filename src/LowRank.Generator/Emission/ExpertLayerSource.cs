using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a mixture of experts: how it routes, and its forward pass. All else is its base class's.</summary>
internal static class ExpertLayerSource
{
    public static void Write(
        SourceWriter writer,
        SublayerModel sublayer,
        FeedForwardOptions options,
        ExpertOptions experts,
        TransformerModel model
    )
    {
        var name = Identifiers.LayerClass(sublayer.Name);
        var (width, hidden) = (Literals.Of(model.Options.Width), Literals.Of(options.Hidden));
        var shared = experts.Shared is { } count ? $" and {Literals.Of(count)} shared" : "";
        writer.Write(
            $"/// <summary>Feed-forward, {Literals.Of(experts.Active)} of {Literals.Of(experts.Count)} experts{shared}: {width} to {hidden}, "
                + $"{ActivationSource.Name(options.Activation)}{(options.Gated ? ", gated" : "")}, to {width}; "
                + $"[batch, sequence, {width}] to the same shape.</summary>"
        );
        var (parameter, argument) = experts.Shared is null ? ("", "shared: null") : ("Blocks::Expert shared, ", "shared");
        using (writer.Block($"public sealed class {name} : Blocks::ExpertFeedForward"))
        {
            writer.Write(
                $$"""
                internal {{name}}(global::System.Collections.Generic.IReadOnlyList<Blocks::Expert> experts, {{parameter}}Layers::ModelOptions options)
                    : base(
                        {{Literals.Of(name)}},
                        {{NormSource.Before(model)}},
                        new Layers::RoutingOptions { {{Routing(experts)}} },
                        experts, {{argument}}, options{{(model.Options.HasNormAfter ? $", postNorm: {NormSource.New(model)}" : "")}})
                {
                }

                /// <inheritdoc/>
                """
            );
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x)"))
                WriteForward(writer, experts, model, $"[batch, sequence, {width}]");
        }
    }

    /// <summary>The experts of one block, and the shared one, as arguments.</summary>
    public static IEnumerable<string> NewExperts(FeedForwardOptions options, ExpertOptions experts, BlockSpan span)
    {
        var one = New(options, span.Linears.Where(linear => !IsShared(linear))).Replace("\n", "\n    ");
        yield return $"Blocks::Expert.Several({Literals.Of(experts.Count)}, () =>\n    {one})";
        if (experts.Shared is not null)
            yield return New(options, span.Linears.Where(IsShared));
    }

    private static bool IsShared(LinearModel linear) => linear.Name.StartsWith(LinearModel.SharedPrefix, StringComparison.Ordinal);

    private static string New(FeedForwardOptions options, IEnumerable<LinearModel> linears)
    {
        var gate = options.Gated ? "" : "\n    gate: null,";
        var arguments = linears.Select(linear =>
            $"\n    {Identifiers.Camel(LinearSelectors.RoleOf(linear.Name))}: {LinearSource.New(linear).Replace("\n", "\n    ")}"
        );
        return $"new Blocks::Expert(\n    {Literals.Of(options.Activation)},{gate}{string.Join(",", arguments)})";
    }

    private static string Routing(ExpertOptions experts)
    {
        string[] settings =
        [
            $"Active = {Literals.Of(experts.Active)}",
            $"Score = {Literals.Of(experts.Router)}",
            $"NormalizeWeights = {Literals.Of(experts.Normalizes)}",
            .. experts.WeightScale == 1 ? Array.Empty<string>() : [$"WeightScale = {Literals.Of(experts.WeightScale)}"],
            .. experts.Balancing == Balance.Loss ? [$"BalanceWeight = {Literals.Of(experts.BalanceWeight)}"] : Array.Empty<string>(),
            .. experts.Balancing == Balance.Bias ? [$"BiasStep = {Literals.Of(experts.BiasStep)}"] : Array.Empty<string>(),
        ];
        return string.Join(", ", settings);
    }

    private static void WriteForward(SourceWriter writer, ExpertOptions experts, TransformerModel model, string stream)
    {
        var lines = new ShapedLines();
        var input = NormSource.Read(lines, model, stream);
        var routed = $"{stream}: {Literals.Of(experts.Active)} of {Literals.Of(experts.Count)} experts for each token, weighed";
        if (experts.Shared is null)
        {
            NormSource.Return(lines, model, $"Route({input})", routed);
        }
        else
        {
            lines.Add($"using var routed = Route({input});", routed).Add($"using var shared = Shared.forward({input});", stream);
            NormSource.Return(lines, model, "Layers::ResidualPath.Sum(routed, shared)", stream);
        }

        lines.Write(writer);
    }
}
