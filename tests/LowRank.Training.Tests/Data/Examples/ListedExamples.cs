using LowRank.Training.Data.Examples;

namespace LowRank.Training.Tests.Data.Examples;

/// <summary>Examples that are listed.</summary>
internal sealed class ListedExamples(string identity, IReadOnlyList<TokenizedExample> examples) : IExampleSource
{
    public string Description => "listed examples";

    public string Identity => identity;

    /// <summary>How often they were read.</summary>
    public int Readings { get; private set; }

    public IEnumerable<TokenizedExample> ReadExamples(CancellationToken cancellation = default)
    {
        Readings++;
        return examples;
    }

    /// <summary>Examples whose second half counts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="vocabulary">Ids are below it.</param>
    /// <param name="longest">They have from 3 to so many tokens.</param>
    /// <param name="seed">Chooses them.</param>
    public static IReadOnlyList<TokenizedExample> Draw(int count, int vocabulary, int longest, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var length = random.Next(3, longest + 1);
                    return new TokenizedExample(
                        [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))],
                        [.. Enumerable.Range(0, length).Select(token => token >= length / 2)]
                    );
                }),
        ];
    }
}
