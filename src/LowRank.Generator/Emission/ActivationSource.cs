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

    /// <summary>Statements that apply it to one local and declare another.</summary>
    public static void Write(SourceWriter writer, Activation activation, string input, string output)
    {
        const string functional = "Torch::torch.nn.functional";
        if (activation == Activation.ReluSquared)
        {
            writer.Write($"using var rectified = {functional}.relu({input});\nusing var {output} = rectified.mul(rectified);");
            return;
        }

        var call = activation switch
        {
            Activation.Silu => $"silu({input})",
            Activation.Gelu => $"gelu({input})",
            Activation.GeluTanh => $"gelu({input}, Torch::Modules.GELU.Approximate.tanh)",
            _ => $"relu({input})",
        };
        writer.Write($"using var {output} = {functional}.{call};");
    }
}
