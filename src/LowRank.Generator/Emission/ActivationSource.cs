namespace LowRank.Generator.Emission;

/// <summary>The non-linearities.</summary>
internal static class ActivationSource
{
    public static string Name(Activation activation) =>
        activation switch
        {
            Activation.Silu => "SiLU",
            Activation.Gelu => "GELU",
            Activation.GeluTanh => "GELU (tanh)",
            Activation.Relu => "ReLU",
            _ => "squared ReLU",
        };

    /// <summary>Statements that apply it to one local and declare another, of the same shape.</summary>
    public static void Write(ShapedLines lines, Activation activation, string input, string output, string shape)
    {
        const string functional = "Torch::torch.nn.functional";
        if (activation == Activation.ReluSquared)
        {
            lines.Add($"using var rectified = {functional}.relu({input});", shape);
            lines.Add($"using var {output} = rectified.mul(rectified);", shape);
            return;
        }

        var call = activation switch
        {
            Activation.Silu => $"silu({input})",
            Activation.Gelu => $"gelu({input})",
            Activation.GeluTanh => $"gelu({input}, Torch::Modules.GELU.Approximate.tanh)",
            _ => $"relu({input})",
        };
        lines.Add($"using var {output} = {functional}.{call};", shape);
    }
}
