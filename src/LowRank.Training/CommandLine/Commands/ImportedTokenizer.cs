using LowRank.Training.Pretrained;
using LowRank.Training.Tokenization;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The tokenizer of a Hugging Face checkpoint.</summary>
internal static class ImportedTokenizer
{
    /// <summary>Where checkpoints keep theirs; the later ones are SentencePiece models.</summary>
    private static readonly string[] FileNames =
    [
        ExportedTokenizer.FileName,
        "tokenizer.model",
        "spiece.model",
        "sentencepiece.bpe.model",
        "tokenizer.spm",
    ];

    /// <summary>Loads it, with the ids at which the checkpoint's texts begin and end.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="given">A file to use instead, or null.</param>
    /// <param name="vocabulary">The model's number of token ids.</param>
    /// <exception cref="InputException">There is none, it can't be used, or it has more ids than the model.</exception>
    public static Tokenizer Load(string folder, string? given, int vocabulary)
    {
        var path =
            given
            ?? FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InputException(
                $"'{folder}' holds no {ExportedTokenizer.FileName} and no SentencePiece model ({string.Join(", ", FileNames[1..])}); give one with --tokenizer, or import the weights alone with --without-tokenizer."
            );
        Tokenizer tokenizer;
        try
        {
            tokenizer = Tokenizer.Load(path, PretrainedTokenIds.Read(folder));
        }
        catch (InputException exception)
        {
            throw new InputException($"{exception.Message} The weights alone are imported with --without-tokenizer.");
        }

        return tokenizer.VocabularySize <= vocabulary
            ? tokenizer
            : throw new InputException(
                $"The tokenizer '{path}' has {tokenizer.VocabularySize} entries, but the model has a vocabulary of {vocabulary}; declare the model as the checkpoint is."
            );
    }
}
