using LowRank.Training.Experiments;

namespace LowRank.Training.Tests.Experiments;

public sealed class MedianTimeTests
{
    private static readonly string[] Log =
    [
        """{"kind":"step","step":1,"trainingFlops":10,"seconds":1}""",
        """{"kind":"step","step":2,"trainingFlops":20,"seconds":2}""",
        """{"kind":"evaluation","step":2,"loss":4}""",
        """{"kind":"step","step":3,"trainingFlops":30,"seconds":9}""",
        """{"kind":"step","step":4,"trainingFlops":35,"seconds":9.5}""",
    ];

    [Fact]
    public void Steps_of_the_same_cost_take_their_median() => Assert.Equal(3 * 1 + 0.5, Of(Log));

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"step\",\"st")]
    [InlineData("[1]")]
    [InlineData("{\"kind\":\"step\",\"step\":2}")]
    [InlineData("{\"kind\":\"step\",\"step\":2,\"trainingFlops\":\"20\",\"seconds\":2}")]
    [InlineData("{\"kind\":\"step\",\"step\":2,\"trainingFlops\":1e99,\"seconds\":2}")]
    [InlineData("{\"kind\":2}")]
    public void A_damaged_line_costs_itself(string damaged) => Assert.Equal(1 + 8 + 0.5, Of([Log[0], damaged, .. Log[2..]]));

    private static double Of(string[] lines)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "metrics.jsonl");
        File.WriteAllLines(path, lines);
        return MedianTime.Of(path);
    }
}
