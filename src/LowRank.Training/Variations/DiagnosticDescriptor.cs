namespace Microsoft.CodeAnalysis;

/// <summary>
/// What the compiler's rules, which are compiled into this assembly, need of Roslyn's type of this name: there is no Roslyn here.
/// </summary>
internal sealed class DiagnosticDescriptor(
    string id,
    string title,
    string messageFormat,
    string category,
    DiagnosticSeverity defaultSeverity,
    bool isEnabledByDefault,
    string? helpLinkUri = null
)
{
    public string Id { get; } = id;

    public string Title { get; } = title;

    public string MessageFormat { get; } = messageFormat;

    public string Category { get; } = category;

    public DiagnosticSeverity DefaultSeverity { get; } = defaultSeverity;

    public bool IsEnabledByDefault { get; } = isEnabledByDefault;

    public string? HelpLinkUri { get; } = helpLinkUri;
}

/// <summary>How bad it is.</summary>
internal enum DiagnosticSeverity
{
    Hidden,
    Info,
    Warning,
    Error,
}
