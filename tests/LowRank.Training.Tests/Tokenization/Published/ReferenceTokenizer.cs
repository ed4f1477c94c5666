using LowRank.Training.Tokenization;
using Reference = Tokenizers.DotNet;

namespace LowRank.Training.Tests.Tokenization.Published;

/// <summary>
/// Hugging Face's <c>tokenizers</c>, in the native code of a package that these tests alone refer to. It sets what a template says before
/// and behind a text, and reads the texts of special tokens as these.
/// </summary>
internal sealed class ReferenceTokenizer : IDisposable
{
    private static readonly Lazy<string?> Missing = new(FindMissing);

    private readonly Reference.Tokenizer tokenizer;
    private readonly uint[] frame;

    public ReferenceTokenizer(string path)
    {
        tokenizer = new Reference.Tokenizer(vocabPath: path);
        frame = tokenizer.Encode("");
    }

    /// <summary>Skips a test where the native code can't be loaded.</summary>
    public static void Require()
    {
        if (Missing.Value is { } reason)
            Assert.Skip($"The reference tokenizers can't be loaded here: {reason}");
    }

    /// <summary>Holds ids and text against another tokenizer's.</summary>
    public void AssertEqual(Tokenizer ours, string text)
    {
        var ids = tokenizer.Encode(text);
        var before = frame.Length == 0 ? 0 : ours.Before.Count;
        var behind = frame.Length - before;
        int[] expected = [.. ids[before..^behind].Select(id => (int)id)];
        var found = ours.Encode(text, specialTokens: true);
        if (!expected.SequenceEqual(found))
        {
            Assert.Fail($"'{Shown(text)}' is {Shown(expected, ours)} to the reference and {Shown(found, ours)} here.");
        }

        var decoded = tokenizer.Decode(ids);
        var here = System.Text.Encoding.UTF8.GetString(ours.Decode(found));
        Assert.True(decoded == here, $"The ids of '{Shown(text)}' are '{Shown(decoded)}' to the reference and '{Shown(here)}' here.");
        var stream = new TokenDecoder(ours);
        Assert.Equal(decoded, string.Concat(found.Select(stream.Append)) + stream.Flush());
    }

    public void Dispose() => tokenizer.Dispose();

    private static string Shown(string text) => System.Text.Json.JsonEncodedText.Encode(text[..Math.Min(text.Length, 200)]).ToString();

    private static string Shown(IEnumerable<int> ids, Tokenizer tokenizer) =>
        string.Join(' ', ids.Take(60).Select(id => $"{id}:{Shown(tokenizer.Name(id))}"));

    private static string? FindMissing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("tokenizer.json");
        Samples.Tokenizer.Save(path);
        try
        {
            using var tokenizer = new ReferenceTokenizer(path);
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return exception.Message;
        }
    }
}
