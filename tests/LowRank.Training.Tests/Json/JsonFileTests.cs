using System.Text;
using LowRank.Training.Json;

namespace LowRank.Training.Tests.Json;

public sealed class JsonFileTests
{
    [Theory]
    [InlineData("{\"a\": \"\\ud800\"}", "a.json: not usable: line 1 has a string with half of a surrogate pair, which is no text.")]
    [InlineData("{\n\"\\udc00\": 1}", "a.json: not usable: line 2 has a string with half of a surrogate pair, which is no text.")]
    [InlineData("{\"a\": 1, \"a\": 2}", "a.json: not JSON")]
    [InlineData("{\n\"a\": 1,\n}", "a.json: not JSON in line 3: ")]
    [InlineData("{\"a\": NaN}", "a.json: not JSON in line 1: ")]
    [InlineData("", "a.json: not JSON in line 1: ")]
    public void What_is_no_text_or_no_json_is_said_with_its_line(string json, string message) =>
        Assert.StartsWith(message, Refusal(Encoding.UTF8.GetBytes(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_and_objects_in_objects_for_ever_are_refused()
    {
        Assert.Equal("a.json: not JSON: it is not UTF-8.", Refusal([(byte)'"', 0xFF, (byte)'"']).Message);
        Assert.Equal(
            "a.json: not usable: line 1 nests objects and lists deeper than 64.",
            Refusal(Encoding.UTF8.GetBytes(new string('[', 200_000))).Message
        );
        Assert.Equal(1, JsonFile.Parse([0xEF, 0xBB, 0xBF, (byte)'1'], "a.json").Whole());
    }

    [Fact]
    public void A_value_of_another_kind_is_said_with_its_place_and_what_is_allowed()
    {
        var root = JsonFile.Parse(
            """{"layers": [{"size": null}, {"size": 1e18}, {"size": -1}, {"size": 2.5}], "name": "x", "rate": 1e999, "on": "yes"}"""u8,
            "a.json"
        );
        var layers = root.At("layers").Elements();
        Says("layers[0].size must be a whole number from 1 to 9, not null", () => layers[0].At("size").Whole(1, 9));
        Says("layers[1].size must be a whole number from 1 to 9, not 1e18", () => layers[1].At("size").Whole(1, 9));
        Says("layers[2].size must be a whole number from 1 to 9, not -1", () => layers[2].At("size").Whole(1, 9));
        Says("layers[3].size must be a whole number, not 2.5", () => layers[3].At("size").Whole());
        Says("name must be an array, not \"x\"", () => root.At("name").Elements());
        Says("name.first is missing; it must be a text", () => root.At("name").At("first").Text());
        Says("rate must be a number, not 1e999", () => root.At("rate").Real());
        Says("on must be true or false, not \"yes\"", () => root.At("on").Flag());
        Says("the file has no key 'rate'; allowed are layers, name", () => root.Members(["name", "layers"]));
    }

    [Fact]
    public void Names_from_a_file_are_shown_short_and_on_one_line()
    {
        Assert.Equal("a\\u001b[2J\\u000ab\\u202e", ShownText.Of("a\u001b[2J\nb\u202e"));
        Assert.InRange(ShownText.Of(new string('k', 100_000)).Length, 50, 90);
        Assert.Equal("a, b and 3 more", ShownText.List(["a", "b", "c", "d", "e"], most: 2));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "absent.json");
        Assert.StartsWith(
            $"{path}: cannot be read: ",
            Assert.Throws<WrongJsonException>(() => JsonFile.Read(path)).Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            $"{folder.Path}: cannot be read: ",
            Assert.Throws<WrongJsonException>(() => JsonFile.Read(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    private static WrongJsonException Refusal(byte[] json) => Assert.Throws<WrongJsonException>(() => JsonFile.Parse(json, "a.json"));

    private static void Says(string what, Func<object?> read) =>
        Assert.Equal($"a.json: {what}.", Assert.Throws<WrongJsonException>(() => read()).Message);
}
