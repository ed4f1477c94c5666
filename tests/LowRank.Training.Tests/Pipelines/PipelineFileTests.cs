using LowRank.Training.Pipelines;

namespace LowRank.Training.Tests.Pipelines;

public sealed class PipelineFileTests
{
    [Fact]
    public void A_preset_has_the_steps_of_the_published_data_set_in_their_order()
    {
        var pipeline = Parse("""{ "input": "in", "output": "out", "preset": "fineweb" }""");
        Assert.Equal(
            ["url", "language", "gopher-repetition", "gopher-quality", "c4", "fineweb-quality", "minhash", "pii"],
            pipeline.Steps.Select(step => step.Name)
        );
        var c4 = pipeline.Steps.Single(step => step.Name == "c4").Settings;
        Assert.False(c4["requireTerminalPunctuation"]!.GetValue<bool>());
        Assert.Equal(3, c4["minWordsPerLine"]!.GetValue<int>());
        Assert.Equal("sha1", pipeline.Steps.Single(step => step.Name == "minhash").Settings["hash"]!.GetValue<string>());
    }

    [Fact]
    public void What_is_set_wins_over_the_preset_and_leaves_its_other_options()
    {
        var pipeline = Parse(
            """
            {
              // Comments are allowed.
              "input": ["a", "b"], "output": "out", "preset": "fineweb",
              "set": { "url": false, "c4": { "minSentences": null }, "tokens": { "format": "llm.c" } }
            }
            """
        );
        Assert.Equal(["a", "b"], pipeline.Input);
        Assert.DoesNotContain(pipeline.Steps, step => step.Name == "url");
        var c4 = pipeline.Steps.Single(step => step.Name == "c4").Settings;
        Assert.Null(c4["minSentences"]);
        Assert.False(c4["requireTerminalPunctuation"]!.GetValue<bool>());
        Assert.Equal("tokens", pipeline.Steps[^1].Name);
    }

    [Fact]
    public void Steps_come_in_the_order_that_is_declared()
    {
        var pipeline = Parse(
            """{ "input": "in", "output": "out", "steps": [ { "step": "exact" }, { "step": "gopher-quality", "minWords": 20 }, { "step": "url" } ] }"""
        );
        Assert.Equal(["exact", "gopher-quality", "url"], pipeline.Steps.Select(step => step.Name));
        Assert.Equal(20, pipeline.Steps[1].Settings["minWords"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("""{ "output": "o", "preset": "fineweb" }""", "input is missing")]
    [InlineData("""{ "input": [], "output": "o", "preset": "fineweb" }""", "input must name at least one")]
    [InlineData("""{ "input": "i", "preset": "fineweb" }""", "output is missing")]
    [InlineData("""{ "input": "i", "output": "o" }""", "the file has neither \"preset\" (fineweb, refinedweb) nor \"steps\"")]
    [InlineData("""{ "input": "i", "output": "o", "preset": "fine" }""", "preset must be one of fineweb, refinedweb, not \"fine\"")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [] }""", "steps has no step")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { } ] }""", "steps[0].step is missing; it must be one of url, language")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { "step": "gopher" } ] }""", "steps[0].step must be one of url")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { "step": "pii" }, { "step": "pii" } ] }""", "the step 'pii' twice")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { "step": "tokens" }, { "step": "pii" } ] }""", "must be the last")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { "step": "pii" } ], "preset": "fineweb" }""", "stands beside \"preset\"")]
    [InlineData(
        """{ "input": "i", "output": "o", "steps": [ { "step": "gopher-quality", "least": 1 } ] }""",
        "steps[0] has no key 'least'; allowed are"
    )]
    [InlineData(
        """{ "input": "i", "output": "o", "steps": [ { "step": "gopher-quality", "minWords": "many" } ] }""",
        "steps[0].minWords must be a whole number"
    )]
    [InlineData(
        """{ "input": "i", "output": "o", "steps": [ { "step": "gopher-quality", "minWords": -1 } ] }""",
        "steps[0].minWords must be a whole number or null of at least 0, not -1"
    )]
    [InlineData(
        """{ "input": "i", "output": "o", "steps": [ { "step": "tokens", "format": "gpt" } ] }""",
        "steps[0].format must be one of lowrank, llm.c, nanogpt, not \"gpt\""
    )]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { "step": "minhash", "buckets": 0 } ] }""", "buckets is 0")]
    [InlineData("""{ "input": "i", "output": "o", "steps": [ { "step": "tokens", "shardTokens": 0 } ] }""", "shardTokens is 0")]
    [InlineData(
        """{ "input": "i", "output": "o", "steps": [ { "step": "tokens", "validationFraction": 1 } ] }""",
        "validationFraction is 1"
    )]
    [InlineData("""{ "input": "i", "output": "o", "preset": "fineweb", "set": { "c4": { "step": "exact" } } }""", "has no key 'step'")]
    [InlineData("""{ "input": "i", "output": "o", "preset": "fineweb", "set": { "nothing": {} } }""", "set has no step 'nothing'")]
    [InlineData("""{ "input": "i", "output": "o", "preset": "fineweb", "more": 1 }""", "has no key 'more'")]
    [InlineData(
        """{ "input": "i", "output": "o", "preset": "fineweb", "largestDocument": 0 }""",
        "largestDocument must be a whole number from 1"
    )]
    public void A_wrong_file_is_refused_with_the_place_and_what_is_allowed(string text, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<InputException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Contains("There is no pipeline", Assert.Throws<InputException>(() => PipelineFile.Read("nowhere.json")).Message);

    private static Pipeline Parse(string text) => PipelineFile.Parse("pipeline.json", text);
}
