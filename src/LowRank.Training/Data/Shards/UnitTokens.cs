namespace LowRank.Training.Data.Shards;

/// <summary>
/// The tokens of one unit of work, an end-of-text token after every document, kept in files of their own until the shards are written:
/// those to train on at <paramref name="Path"/>, those held out beside it.
/// </summary>
/// <param name="Path">The file of the training documents' tokens.</param>
/// <param name="Training">What the training documents come to.</param>
/// <param name="Validation">What the documents held out come to; nothing where none are.</param>
internal sealed record UnitTokens(string Path, TokenCounts Training, TokenCounts Validation)
{
    /// <summary>The file of the tokens held out.</summary>
    public string ValidationPath => ValidationPathFor(Path);

    /// <summary>Where the tokens held out lie that belong to a file of training tokens.</summary>
    public static string ValidationPathFor(string path) => path + ".held-out";
}
