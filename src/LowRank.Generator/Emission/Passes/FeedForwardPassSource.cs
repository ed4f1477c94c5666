using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The recorded forward pass of a feed-forward sublayer and its way back, differentiated by hand.</summary>
internal static class FeedForwardPassSource
{
    public static void Write(SourceWriter writer, FeedForwardOptions options)
    {
        var activation = $"global::LowRank.Activation.{options.Activation}";
        writer.Line();
        writer.Write("// The forward pass for training: what the way back needs stays on the tape.");
        using (writer.Block("internal Torch::torch.Tensor Record(Torch::torch.Tensor x, Layers::Tape tape)"))
        {
            writer.Write("using var normalized = Norm.Record(x, tape);");
            writer.Write(
                options.Gated
                    ? $"""
                    using var gate = Gate.Record(normalized, tape);
                    using var up = Up.Record(normalized, tape);
                    using var gated = Layers::HiddenActivation.RecordGated({activation}, gate, up, tape);
                    return Down.Record(gated, tape, keepsInput: false);
                    """
                    : $"""
                    using var hidden = Up.Record(normalized, tape);
                    using var activated = Layers::HiddenActivation.Record({activation}, hidden, tape);
                    return Down.Record(activated, tape);
                    """
            );
        }

        writer.Line();
        writer.Write("// The way back: from the gradient of the output, upstream, to that of x, which is added to gradient.");
        using (writer.Block("internal void Backward(Torch::torch.Tensor upstream, Torch::torch.Tensor gradient, Layers::Tape tape)"))
        {
            writer.Write(
                options.Gated
                    ? $$"""
                    Torch::torch.Tensor gateGradient, upGradient;
                    using (var gatedGradient = Down.InputGradient(upstream, tape))
                    {
                        (gateGradient, upGradient, var gated) = Layers::HiddenActivation.BackwardGated({{activation}}, gatedGradient, tape);
                        using (gated)
                            Down.AddWeightGradients(upstream, gated);
                    }

                    using var normalizedGradient = Up.Backward(upGradient, tape);
                    upGradient.Dispose();
                    using (gateGradient)
                    using (Gate.Backward(gateGradient, tape, into: normalizedGradient))
                    {
                        Norm.Backward(normalizedGradient, tape, gradient);
                    }
                    """
                    : $"""
                    Torch::torch.Tensor hiddenGradient;
                    using (var activatedGradient = Down.Backward(upstream, tape))
                        hiddenGradient = Layers::HiddenActivation.Backward({activation}, activatedGradient, tape);
                    using var normalizedGradient = Up.Backward(hiddenGradient, tape);
                    hiddenGradient.Dispose();
                    Norm.Backward(normalizedGradient, tape, gradient);
                    """
            );
        }
    }
}
