using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Diagnostics;

/// <summary>LRK02xx: rules about sizes and how they fit together.</summary>
internal static class ShapeRules
{
    public static readonly DiagnosticDescriptor SizeNotPositive = new(
        "LRK0201",
        "Size is not positive",
        "{0} of '{1}' is {2}; it must be at least 1",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0201.md"
    );

    public static readonly DiagnosticDescriptor HeadsDivideWidth = new(
        "LRK0202",
        "Heads do not divide the width",
        "Width {0} does not divide into {1} heads; use a divisor such as {2}, or give HeadSize",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0202.md"
    );

    public static readonly DiagnosticDescriptor KeyValueHeadsDivideHeads = new(
        "LRK0203",
        "Key/value heads do not divide the heads",
        "{0} heads do not divide into groups for {1} key/value heads; use a divisor of {0} such as {2}",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0203.md"
    );

    public static readonly DiagnosticDescriptor RotarySize = new(
        "LRK0204",
        "Rotary size is odd",
        "Rotary positions turn pairs of elements, but head size {0} × fraction {1} gives {2} of them; the rotated size must be even and at least 2",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0204.md"
    );

    public static readonly DiagnosticDescriptor RotaryFraction = new(
        "LRK0205",
        "Rotary fraction is out of range",
        "RotaryFraction is {0}; it must lie in (0, 1]",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0205.md"
    );

    public static readonly DiagnosticDescriptor PositiveNumber = new(
        "LRK0206",
        "Number is not positive and finite",
        "{0} is {1}; it must be positive and finite",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0206.md"
    );

    public static readonly DiagnosticDescriptor UndefinedEnum = new(
        "LRK0207",
        "Value is not one of the enum's",
        "{0} is {1}, which is no value of {2}; use one of {3}",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0207.md"
    );

    public static readonly DiagnosticDescriptor LearnedPositionsOfAttention = new(
        "LRK0209",
        "Learned positions are not an attention's",
        "Positions of '{0}' is Positions.Learned, but learned positions are added to the tokens' vectors, before any attention; write it on [Transformer], or Positions.Rotary or Positions.None here",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0209.md"
    );

    public static readonly DiagnosticDescriptor RotaryScaling = new(
        "LRK0210",
        "Rotary scaling is out of range",
        "{0} of [RotaryScaling] on '{1}' is {2}; it must {3}",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0210.md"
    );

    public static readonly DiagnosticDescriptor ScalesNothing = new(
        "LRK0211",
        "Rotary scaling scales nothing",
        "[RotaryScaling] on '{0}' scales nothing: {1}; take it away",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0211.md"
    );

    public static readonly DiagnosticDescriptor TwoEmbeddingScales = new(
        "LRK0212",
        "Embedding has two scales",
        "'{0}' scales its embedding by ScaleEmbeddings, which is the root of the width, and by an EmbeddingScale of {1}; say one of them",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0212.md"
    );

    public static readonly DiagnosticDescriptor WindowBeyondContext = new(
        "LRK0208",
        "Window is larger than the context",
        "Window {0} of '{1}' is larger than the context {2}, so that every token sees all before it; narrow it or leave it out",
        "LowRank.Shape",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0208.md"
    );

    public static readonly DiagnosticDescriptor LatentExcludes = new(
        "LRK0220",
        "Latent attention excludes an option",
        "'{0}' is latent attention (KeyValueRank {1}), which excludes {2}: {3}; leave {2} out, or KeyValueRank",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0220.md"
    );

    public static readonly DiagnosticDescriptor LatentRotarySize = new(
        "LRK0221",
        "Rotary size of latent attention is missing or odd",
        "Rotary positions turn pairs of elements, but RotarySize of '{0}' is {1}; latent attention needs an even one of at least 2",
        "LowRank.Shape",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0221.md"
    );

    public static readonly DiagnosticDescriptor LatentSavesNothing = new(
        "LRK0222",
        "Latent vector saves nothing",
        "{0} {1} of '{2}' saves nothing: the ways down and up hold {3} weights, where {4} would project {5} directly (break-even at {6})",
        "LowRank.Shape",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpPages.Folder + "LRK0222.md"
    );
}
