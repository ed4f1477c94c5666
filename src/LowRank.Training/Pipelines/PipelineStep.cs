using System.Text.Json.Nodes;
using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;

namespace LowRank.Training.Pipelines;

/// <summary>One step of a pipeline, ready to be made.</summary>
/// <param name="Name">As declared, such as <c>gopher-quality</c>.</param>
/// <param name="Settings">All of its options, also those with their defaults.</param>
/// <param name="Files">Files that it reads besides documents.</param>
internal abstract record PipelineStep(string Name, JsonObject Settings, IReadOnlyList<string> Files);

/// <summary>A rule over single documents.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Settings">All of its options.</param>
/// <param name="Files">Lists that it reads.</param>
/// <param name="Create">Makes one, for one thread, with the words that it shares with others.</param>
internal sealed record FilterStep(string Name, JsonObject Settings, IReadOnlyList<string> Files, Func<TextWords, IDocumentFilter> Create)
    : PipelineStep(Name, Settings, Files);

/// <summary>A search for documents that are there more than once.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Settings">All of its options.</param>
/// <param name="Create">Makes one, over a folder of its own.</param>
internal sealed record DuplicatesStep(string Name, JsonObject Settings, Func<string, Func<IWordSplitter>, DuplicateSearch> Create)
    : PipelineStep(Name, Settings, []);

/// <summary>The last step: what is left becomes tokens.</summary>
/// <param name="Settings">All of its options.</param>
/// <param name="Options">The options.</param>
internal sealed record TokensStep(JsonObject Settings, TokensOptions Options)
    : PipelineStep(StepNames.Tokens, Settings, Options.Tokenizer is null ? [] : [Options.Tokenizer]);
