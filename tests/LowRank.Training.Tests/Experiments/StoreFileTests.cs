using LowRank.Training.Experiments;

namespace LowRank.Training.Tests.Experiments;

public sealed class StoreFileTests
{
    [Theory]
    [InlineData("", "it is no JSON of this kind")]
    [InlineData("null", "it says nothing")]
    [InlineData("[]", "it is no JSON of this kind in line 1")]
    [InlineData("{}", "it doesn't say which run it is of")]
    [InlineData("{\n\"plan\": 3}", "'plan' in line 2 can't be read")]
    [InlineData(
        "{\"plan\": null, \"result\": null, \"medianSeconds\": 1, \"failure\": null, \"dataFingerprint\": null}",
        "'plan' in line 1 can't be read"
    )]
    public void A_damaged_result_is_named_with_what_to_do_and_left(string content, string how)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "result.json");
        File.WriteAllText(path, content);
        var refusal = Assert.Throws<InputException>(() => StoreFile.ReadRun(path));
        Assert.StartsWith($"'{path}' is damaged: ", refusal.Message);
        Assert.Contains(how, refusal.Message);
        Assert.EndsWith("or delete it to run that run again, which goes on from its last checkpoint.", refusal.Message);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void One_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "plan.json");
        Assert.Contains(path, Assert.Throws<InputException>(() => StoreFile.ReadPlan(path)).Message);
    }
}
