namespace LowRank.Training.Templates;

/// <summary>Kinds of tokens.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text outside of tags, as it is written out.</summary>
    Data,

    /// <summary><c>{%</c></summary>
    BlockBegin,

    /// <summary><c>%}</c></summary>
    BlockEnd,

    /// <summary><c>{{</c></summary>
    VariableBegin,

    /// <summary><c>}}</c></summary>
    VariableEnd,

    /// <summary>A word.</summary>
    Name,

    /// <summary>A string in quotes.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent.</summary>
    Float,

    /// <summary>A sign, or two that belong together.</summary>
    Operator,

    /// <summary>The end.</summary>
    End,
}
