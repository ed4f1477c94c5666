using System.Text;
using LowRank.Training.Documents;
using LowRank.Training.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>Pieces of the documentation that the .NET SDK ships, labeled with the library that they are about.</summary>
public static class LibraryTexts
{
    /// <summary>Number of token ids.</summary>
    public const int Vocabulary = 768;

    /// <summary>Tokens in a piece.</summary>
    public const int Length = 32;

    /// <summary>Number of libraries.</summary>
    public const int Classes = 4;

    private const int PiecesPerClass = 500;

    private static readonly string[] Libraries =
    [
        "System.Security.Cryptography",
        "System.Data.Common",
        "System.Linq.Expressions",
        "System.Text.Json",
    ];

    /// <summary>Reads, tokenizes and cuts: the first four fifths of each library to train on, the rest to test.</summary>
    public static (LabeledData Training, LabeledData Test) Read()
    {
        var documentation = SdkDocumentation.Find();
        var texts = Libraries.Select(library => Encoding.UTF8.GetBytes(string.Join('\n', documentation.ReadParagraphs(library)))).ToList();
        var trainer = new BytePairTrainer();
        foreach (var text in texts)
            trainer.Add(text);
        var tokenizer = trainer.Train(Vocabulary);
        var pieces = texts
            .Select(text => tokenizer.Encode(text).Chunk(Length).Where(piece => piece.Length == Length).Take(PiecesPerClass).ToList())
            .ToList();
        return (Data(pieces, piece => piece.Count * 4 / 5, training: true), Data(pieces, piece => piece.Count * 4 / 5, training: false));
    }

    private static LabeledData Data(List<List<int[]>> pieces, Func<List<int[]>, int> cut, bool training)
    {
        var chosen = pieces
            .SelectMany((all, label) => (training ? all.Take(cut(all)) : all.Skip(cut(all))).Select(piece => (piece, label)))
            .ToList();
        var ids = chosen.SelectMany(pair => pair.piece).Select(id => (long)id).ToArray();
        return new(tensor(ids, [chosen.Count, Length]), tensor(chosen.Select(pair => (long)pair.label).ToArray()));
    }
}
