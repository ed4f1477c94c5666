namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Names that generated code, its base classes or C# may want for themselves.</summary>
internal static class OddNames
{
    private static readonly string[] All =
    [
        "Cost", "Block", "Hidden", "Head", "head", "Embedding", "embedding", "positions", "Sublayers", "Vocabulary", "HeadWeight", "PrepareStep", "ProjectGradients", "Dense", "blocks",
        "finalNorm", "FinalNorm", "rotary", "rotary2", "Rotary", "modelFactored2", "ModelFactored", "Parameters", "Steps", "Summary", "Memory", "TwoBranches", "Constructor", "OnCreated",
        "ToString", "GetHashCode", "Equals", "GetType", "MemberwiseClone", "Finalize", "forward", "Dispose", "parameters", "modules", "name", "Name", "training", "train", "eval", "call",
        "Options", "Context", "Accounting", "Logits", "Decode", "HasGuide", "FactoredLinears", "RegisterComponents", "register_module", "register_buffer", "named_parameters", "state_dict",
        "x", "X", "Index", "Stream", "Cache", "Value", "I", "Norm", "Norm1", "AttentionNorm", "AttentionLayer", "attentionSublayer", "AttentionSublayer", "attentionFactored", "attention", "ATTENTION", "Attention2",
        "Attention_", "Attention1", "Query", "Key", "Output", "Gate", "Up", "Down", "Layer", "Layers", "Costs", "Phases", "Torch", "TorchSharp", "LowRank", "System", "Linq", "Enumerable", "Tensor", "Sublayer", "Module", "Transformer",
        "@class", "@event", "@get", "@value", "@field", "@this", "@base", "@base2", "@null", "@true", "@object", "@global", "field", "value", "var", "dynamic", "async", "await", "nameof", "record", "partial", "required",
        "scoped", "where", "file", "init", "set", "get", "add", "when", "with", "yield", "nint", "unmanaged", "notnull", "global", "alias", "allows", "args", "_", "__", "_1", "_Attention",
        "\u00dcn\u00efcode", "\u540d\u524d", "\u0131", "\u0130", "\u01c5", "a\u0301b", "Zero\u200dWidth", "\\u0041ttention", "@Attention", "T", "Model", "Second", "Declared", "Generated", "DeclaredModels",
        "options", "block", "index", "cache", "tokens", "hidden", "layers", "step", "share", "result", "guide", "seed", "device", "dtype", "norm", "cos", "sin", "query", "weight", "bias",
    ];

    public static string Draw(Dice dice) => dice.Of(All);
}
