using LowRank.Training.Pretrained;
using LowRank.Training.Tokenization;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The tokenizer of a Hugging Face checkpoint.</summary>
internal static class ImportedTokenizer
{
    private const string SentencePieceFile = "tokenizer.model";

    /// <summary>Its path, once it is found fit.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="given">A file to use instead, or null.</param>
    /// <param name="vocabulary">The model's number of token ids.</param>
    /// <exception cref="InputException">There is none, it is of another kind, or it has more ids than the model.</exception>
    public static string Find(string folder, string? given, int vocabulary)
    {
        var path = given ?? Path.Combine(folder, ExportedTokenizer.FileName);
        if (given is null && !File.Exists(path))
        {
            var found = File.Exists(Path.Combine(folder, SentencePieceFile))
                ? $" ({SentencePieceFile} is SentencePiece, which is not read)"
                : "";
            throw new InputException(
                $"'{folder}' holds no {ExportedTokenizer.FileName}{found}; give one with --tokenizer, or import the weights alone with --without-tokenizer."
            );
        }

        Tokenizer tokenizer;
        try
        {
            tokenizer = Tokenizer.Load(path);
        }
        catch (InputException exception)
        {
            throw new InputException($"{exception.Message} The weights alone are imported with --without-tokenizer.");
        }

        if (tokenizer.VocabularySize > vocabulary)
            throw new InputException(
                $"The tokenizer '{path}' has {tokenizer.VocabularySize} entries, but the model has a vocabulary of {vocabulary}; declare the model as the checkpoint is."
            );
        return path;
    }
}
