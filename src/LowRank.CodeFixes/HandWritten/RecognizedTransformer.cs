using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.HandWritten;

/// <summary>
/// The declaration that a hand-written module amounts to. All sizes must be constants, and nothing may be left over or ambiguous: null
/// is the answer to everything that is not plainly a transformer.
/// </summary>
internal sealed record RecognizedTransformer(string Transformer, string Attention, string FeedForward)
{
    private static readonly (string Layer, string Value)[] Activations =
    [
        ("SiLU", "Silu"),
        ("silu", "Silu"),
        ("GELU", "Gelu"),
        ("gelu", "Gelu"),
        ("ReLU", "Relu"),
        ("relu", "Relu"),
    ];

    public static RecognizedTransformer? Of(HandWrittenModule module, SemanticModel model, CancellationToken cancellation)
    {
        var embeddings = module.Own.Where(layer => layer.Kind == "Embedding").ToList();
        if (
            embeddings.Count is < 1 or > 2
            || embeddings[0] is not { } tokens
            || tokens.Size(0) is not { } vocabulary
            || tokens.Size(1) is not { } width
        )
            return null;
        var isLearned = embeddings.Count == 2 && embeddings[1].Size(1) == width;
        var context = isLearned ? embeddings[1].Size(0) : module.Constant(model, name => Says(name, "context"), cancellation);
        var heads = module.Constant(model, name => Says(name, "heads") && !Says(name, "key") && !Says(name, "kv"), cancellation);
        if (context is null || heads is not > 0 || width % heads != 0 || embeddings.Count == 2 != isLearned)
            return null;
        if (
            module.Own.Where(layer => layer.Kind == "Linear").ToList() is not [var head]
            || head.Size(0) != width
            || head.Size(1) != vocabulary
            || head.HasBias
        )
            return null;
        if (
            Linears.Sort(module.OfBlock.Where(layer => layer.Kind == "Linear").ToList(), width, width / heads.Value) is not { } linears
            || Single(module, model, cancellation) is not { } activation
            || Norm(module) is not { } norm
            || linears.Bias is not { } bias
        )
        {
            return null;
        }

        var positions =
            isLearned ? "Learned"
            : module.Types.SelectMany(type => type.DescendantTokens()).Any(token => Says(token.ValueText, "rotary")) ? "Rotary"
            : "None";
        var keyValueHeads = linears.KeyValueHeads == heads ? "" : $", KeyValueHeads = {linears.KeyValueHeads}";
        return new(
            $"Transformer(vocabulary: {vocabulary}, context: {context}, width: {width}, depth: {module.Depth}, Positions = {{0}}Positions.{positions}, Norm = {{0}}Norm.{norm}, Bias = {{0}}Bias.{bias})",
            $"Attention(heads: {heads}{keyValueHeads})",
            $"FeedForward(hidden: {linears.Hidden}, {{0}}Activation.{activation}{(linears.IsGated ? ", Gated = true" : "")})"
        );
    }

    private static string? Norm(HandWrittenModule module)
    {
        var norms = module
            .OfBlock.Concat(module.Own)
            .Select(layer => layer.Kind)
            .Where(kind => kind.EndsWith("Norm", StringComparison.Ordinal))
            .ToList();
        return norms.Distinct().ToList() switch
        {
            ["LayerNorm"] => "LayerNorm",
            ["RMSNorm"] => "RmsNorm",
            _ => null,
        };
    }

    private static string? Single(HandWrittenModule module, SemanticModel model, CancellationToken cancellation)
    {
        var found = module
            .Types.Skip(1)
            .SelectMany(type => type.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(call => model.GetSymbolInfo(call, cancellation).Symbol)
            .Where(symbol => symbol?.ContainingNamespace?.Name == "TorchSharp")
            .SelectMany(symbol => Activations.Where(pair => pair.Layer == symbol!.Name).Select(pair => pair.Value))
            .Distinct()
            .ToList();
        return found is [var activation] ? activation : null;
    }

    private static bool Says(string name, string word) => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
