namespace LowRank.Training.Tokenization.Patterns;

/// <summary>A regular expression that can't be followed.</summary>
/// <param name="what">Why, as the end of a sentence.</param>
internal sealed class PatternException(string what) : Exception(what);
