namespace LowRank.Training.Pretrained.Config;

/// <summary>What Hugging Face's configurations call the activations.</summary>
internal static class ActivationNames
{
    /// <summary>
    /// The name that is written. The two names of the tanh approximation mean the same; GPT-2 and GPT-Neo are customarily written with the
    /// older.
    /// </summary>
    public static string Write(Activation activation, Architecture architecture) =>
        activation switch
        {
            Activation.Silu => "silu",
            Activation.Gelu => "gelu",
            Activation.GeluTanh => architecture is Architecture.Gpt2 or Architecture.GptNeo ? "gelu_new" : "gelu_pytorch_tanh",
            Activation.Relu => "relu",
            _ => "relu2",
        };

    /// <summary>The activation of a name, or null.</summary>
    public static Activation? Read(string name) =>
        name switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu" => Activation.Gelu,
            "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
            "relu" => Activation.Relu,
            "relu2" => Activation.ReluSquared,
            _ => null,
        };
}
