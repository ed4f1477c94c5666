namespace LowRank.Training.Templates;

/// <summary>The smallest part of a template's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string what it stands for.</param>
/// <param name="Offset">Where it begins.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Offset)
{
    /// <summary>Whether it is this operator.</summary>
    public bool Is(string text) => Kind == TemplateTokenKind.Operator && string.Equals(Text, text, StringComparison.Ordinal);

    /// <summary>Whether it is this word.</summary>
    public bool IsName(string text) => Kind == TemplateTokenKind.Name && string.Equals(Text, text, StringComparison.Ordinal);

    /// <summary>How messages call it.</summary>
    public string Shown =>
        Kind switch
        {
            TemplateTokenKind.End => "the end of the template",
            TemplateTokenKind.BlockEnd => "the end of the tag '%}'",
            TemplateTokenKind.VariableEnd => "the end of the tag '}}'",
            TemplateTokenKind.Data => "text",
            _ => $"'{Text}'",
        };
}
