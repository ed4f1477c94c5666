namespace LowRank.Training.Templates;

/// <summary>What a template has written.</summary>
/// <param name="Text">The text.</param>
/// <param name="Generated">The ranges of its characters that stand in <c>generation</c> blocks, in order.</param>
internal sealed record RenderedText(string Text, IReadOnlyList<(int Start, int End)> Generated);
