using LowRank.Training.Json;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Pretrained;

/// <summary>
/// What the files of a Hugging Face checkpoint say of the tokens with which texts begin and end: <c>eos_token_id</c> and
/// <c>bos_token_id</c> of <c>config.json</c> and <c>generation_config.json</c>, <c>eos_token</c> and <c>bos_token</c> of
/// <c>tokenizer_config.json</c>.
/// </summary>
internal static class PretrainedTokenIds
{
    private const string GenerationFile = "generation_config.json";
    private const string TokenizerFile = "tokenizer_config.json";

    /// <summary>What they say together; files that aren't there say nothing.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <exception cref="InputException">One of them says something else than an id or a token's text.</exception>
    public static SpecialTokenIds Read(string folder)
    {
        var (ends, begin, config) = (new List<int>(), (int?)null, (JsonPlace?)null);
        foreach (var name in (ReadOnlySpan<string>)[GenerationFile, PretrainedConfig.FileName])
        {
            if (Open(folder, name) is not { } root)
                continue;
            var (its, first) = SpecialTokenIds.In(root);
            ends.AddRange(its);
            begin ??= first;
            config = name == PretrainedConfig.FileName ? root : null;
        }

        var settings = Open(folder, TokenizerFile);
        var ids = new SpecialTokenIds([.. ends.Distinct()], begin)
        {
            EndName = settings is null ? null : Name(settings.At("eos_token")),
            BeginName = settings is null ? null : Name(settings.At("bos_token")),
            AddsBeginToken = settings?.Optional("add_bos_token")?.Flag() ?? false,
        };
        return config is { } own ? ids.WithConfig(own) : ids;
    }

    private static JsonPlace? Open(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path)
            ? JsonFile.Read(path) is { IsObject: true } root
                ? root
                : throw JsonFile.Read(path).MustBe("an object")
            : null;
    }

    // A text, or an object that says more of the token.
    private static string? Name(JsonPlace place) =>
        place.IsEmpty ? null
        : place.IsObject ? place.At("content").Text()
        : place.Text("a token's text");
}
