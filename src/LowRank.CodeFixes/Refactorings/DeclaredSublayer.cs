using LowRank.Generator.Model;
using LowRank.Generator.Parsing;
using LowRank.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>A sublayer as its attributes declare it, with the linears that it has while all of them are dense.</summary>
/// <param name="Kind">"attention" or "feed-forward".</param>
/// <param name="Linears">Its linear layers in one block.</param>
/// <param name="HasLowRank">Whether it has a <c>[LowRank]</c> of its own.</param>
/// <param name="IsExempt">Whether it is <c>[Dense]</c>.</param>
/// <param name="ClassHasLowRank">Whether its class has a <c>[LowRank]</c>.</param>
internal sealed record DeclaredSublayer(
    string Kind,
    EquatableArray<LinearModel> Linears,
    bool HasLowRank,
    bool IsExempt,
    bool ClassHasLowRank
)
{
    public bool IsLowRank => !IsExempt && (HasLowRank || ClassHasLowRank);

    /// <summary>The sublayer, or null where the property is none or its sizes do not compile.</summary>
    public static DeclaredSublayer? Of(IPropertySymbol property)
    {
        var ofClass = LanguageAttributes.AttributesOf(property.ContainingType);
        if (!ofClass.TryGetValue("Transformer", out var transformer) || Read(transformer, DeclaredOptions.Transformer) is not { } options)
            return null;
        var attributes = LanguageAttributes.AttributesOf(property);
        (string Kind, IEnumerable<LinearModel>? Linears)? found = null;
        if (attributes.TryGetValue("Attention", out var attention))
            found = ("attention", LinearsOf(Read(attention, DeclaredOptions.Attention), options));
        else if (attributes.TryGetValue("FeedForward", out var feedForward))
        {
            var experts = attributes.TryGetValue("Experts", out var mixture) ? Read(mixture, DeclaredOptions.Experts) : null;
            // What keeps [Experts] from compiling keeps the sizes unknown.
            if (mixture is null || experts is not null)
                found = ("feed-forward", LinearsOf(Read(feedForward, DeclaredOptions.FeedForward), experts, options));
        }

        return found is { Kind: var kind, Linears: { } linears }
            ? new(kind, new(linears), attributes.ContainsKey("LowRank"), attributes.ContainsKey("Dense"), ofClass.ContainsKey("LowRank"))
            : null;
    }

    private static IEnumerable<LinearModel>? LinearsOf(AttentionOptions? attention, TransformerOptions transformer) =>
        attention is not null && AttentionShape.Infer(attention, transformer) is { } shape
            ? AttentionShape.Linears(shape, attention, transformer)
            : null;

    private static IEnumerable<LinearModel>? LinearsOf(
        FeedForwardOptions? feedForward,
        ExpertOptions? experts,
        TransformerOptions transformer
    ) =>
        feedForward is not null && FeedForwardShape.IsSized(feedForward, transformer, experts)
            ? FeedForwardShape.Linears(feedForward, transformer, experts)
            : null;

    private static T? Read<T>(AttributeData attribute, Func<AttributeReader, T> read)
        where T : class
    {
        var reader = new AttributeReader(attribute);
        var options = read(reader);
        return reader.IsIncomplete ? null : options;
    }
}
