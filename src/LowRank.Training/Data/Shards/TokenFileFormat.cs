using System.Text.Json.Serialization;

namespace LowRank.Training.Data.Shards;

/// <summary>The formats of token files that are written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenFileFormat>))]
internal enum TokenFileFormat
{
    /// <summary>
    /// <c>training-000000.tokens</c> …, nothing but tokens, a description beside each; an end-of-text token follows every document.
    /// </summary>
    [JsonStringEnumMemberName("lowrank")]
    LowRank,

    /// <summary>
    /// That of llm.c: <c>NAME_val_000000.bin</c>, <c>NAME_train_000001.bin</c> …, a header of 256 int32 before the tokens; an end-of-text
    /// token stands before every document.
    /// </summary>
    [JsonStringEnumMemberName("llm.c")]
    LlmC,

    /// <summary>
    /// That of nanoGPT: <c>train.bin</c> and <c>val.bin</c>, nothing but tokens of two bytes; an end-of-text token follows every document.
    /// </summary>
    [JsonStringEnumMemberName("nanogpt")]
    NanoGpt,
}
