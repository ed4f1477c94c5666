using System.Text.RegularExpressions;
using LowRank.Training.Json;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>
/// A regular expression of an adapter's configuration, over names of modules. It is written in Python's form and may come from anywhere:
/// one that takes too long is refused.
/// </summary>
internal sealed class PeftPattern
{
    private const int MostLetters = 10_000;

    // A name is short; an expression that takes this long takes exponential time.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly JsonPlace place;
    private readonly Regex expression;

    private PeftPattern(JsonPlace place, string text, Func<string, string> around)
    {
        this.place = place;
        if (text.Length > MostLetters)
            throw place.MustBe($"at most {MostLetters} characters long");
        // Named groups are the one thing that such names need and .NET writes differently.
        var own = text.Replace("(?P<", "(?<", StringComparison.Ordinal);
        try
        {
            expression = new Regex(around(own), RegexOptions.CultureInvariant, Longest);
        }
        catch (ArgumentException exception)
        {
            throw place.Wrong($"is no regular expression that can be read: {ShownText.Of(exception.Message.TrimEnd('.'), most: 200)}");
        }
    }

    /// <summary>An expression that has to match a whole name.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="text">The expression.</param>
    public static PeftPattern Whole(JsonPlace place, string text) => new(place, text, own => $@"\A(?:{own})\z");

    /// <summary>An expression that has to match a name, or what stands in it behind a dot.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="text">The expression.</param>
    public static PeftPattern End(JsonPlace place, string text) => new(place, text, own => $@"\A(.*\.)?({own})\z");

    /// <summary>An expression for the name of a list of layers; the number of the layer follows it.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="text">The expression.</param>
    public static PeftPattern Layers(JsonPlace place, string text) => new(place, text, own => $@"\A.*?\.{own}\.(?<layer>[0-9]+)\.");

    /// <summary>Whether a name matches.</summary>
    /// <exception cref="WrongJsonException">The expression takes too long.</exception>
    public bool IsMatch(string name) => Match(name).Success;

    /// <summary>The number of the layer that a name is in; null where it matches not.</summary>
    /// <exception cref="WrongJsonException">The expression takes too long.</exception>
    public long? LayerOf(string name) =>
        Match(name) is { Success: true } match
        && long.TryParse(
            match.Groups["layer"].ValueSpan,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var layer
        )
            ? layer
            : null;

    private Match Match(string name)
    {
        try
        {
            return expression.Match(name);
        }
        catch (RegexMatchTimeoutException)
        {
            throw place.Wrong("is a regular expression that takes too long");
        }
    }
}
