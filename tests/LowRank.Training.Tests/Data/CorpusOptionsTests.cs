using LowRank.Training.Data;
using LowRank.Training.Documents;

namespace LowRank.Training.Tests.Data;

public sealed class CorpusOptionsTests
{
    [Fact]
    public void Readers_name_the_options_as_they_are_called()
    {
        Assert.Equal(nameof(CorpusOptions.TextPaths), TextOptions.Paths);
        Assert.Equal(nameof(CorpusOptions.TextColumn), TextOptions.Column);
        Assert.Equal(TextOptions.UsualColumn, new CorpusOptions().TextColumn);
    }
}
