using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training.Data;

namespace LowRank.EndToEnd.Tests.Pretrained;

/// <summary>The checkpoint of TinyLlama with a tokenizer of 300 ids beside it, as a folder of Hugging Face's.</summary>
internal static class SmallHuggingFaceModel
{
    /// <summary>Writes it.</summary>
    /// <param name="folder">Where, and the text of the tokenizer.</param>
    /// <returns>Its path.</returns>
    public static string Write(WorkFolder folder)
    {
        using var checkpoint = RandomCheckpoint.Create("llama");
        var path = checkpoint.Save(folder.Under("hf"));
        using var data = TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [folder.Text],
                Vocabulary = 300,
                CacheDirectory = folder.Under("cache"),
            }
        );
        File.Copy(data.TokenizerPath, Path.Combine(path, "tokenizer.json"));
        return path;
    }
}
