namespace LowRank.Training.Data.Shards;

/// <summary>Token files that were found at a path of the user's.</summary>
/// <param name="Path">The path.</param>
/// <param name="Format">What the format is called.</param>
/// <param name="Training">The files to train on.</param>
/// <param name="Validation">The files that are held out; none where a share of the others is to be.</param>
/// <param name="Tokenizer">The <c>tokenizer.json</c> beside them; null for none.</param>
/// <param name="Manifest">What the folder says of itself; null where it says nothing.</param>
internal sealed record FoundTokens(
    string Path,
    string Format,
    IReadOnlyList<TokenFile> Training,
    IReadOnlyList<TokenFile> Validation,
    string? Tokenizer,
    TokenFolderManifest? Manifest = null
)
{
    /// <summary>What the text is, in a few words.</summary>
    public string Description =>
        Manifest is { Description: { Length: > 0 } described }
            ? described
            : FormattableString.Invariant($"'{Path}', {Training.Count + Validation.Count} token files of {Format}");
}
