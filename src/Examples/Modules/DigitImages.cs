using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>
/// Images of the ten digits, drawn from a 5×7 font at twice its size, shifted and covered with noise; a function of the seed alone.
/// </summary>
public static class DigitImages
{
    /// <summary>Pixels per side.</summary>
    public const int Side = 16;

    private const int Scale = 2;
    private const double Noise = 0.4;

    // Seven rows of five pixels for each digit, the highest bit on the left.
    private static readonly byte[][] Font =
    [
        [14, 17, 19, 21, 25, 17, 14],
        [4, 12, 4, 4, 4, 4, 14],
        [14, 17, 1, 2, 4, 8, 31],
        [31, 2, 4, 2, 1, 17, 14],
        [2, 6, 10, 18, 31, 2, 2],
        [31, 16, 30, 1, 1, 17, 14],
        [6, 8, 16, 30, 17, 17, 14],
        [31, 1, 2, 4, 8, 8, 8],
        [14, 17, 17, 14, 17, 17, 14],
        [14, 17, 17, 15, 1, 2, 12],
    ];

    /// <summary>Draws images and their digits.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which.</param>
    /// <returns>Float images <c>[count, 16, 16]</c> and int64 digits <c>[count]</c>.</returns>
    public static LabeledData Draw(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new float[count * Side * Side];
        var digits = new long[count];
        for (var i = 0; i < count; i++)
        {
            digits[i] = i % Font.Length;
            var (left, top) = (random.Next(Side - 5 * Scale + 1), random.Next(Side - 7 * Scale + 1));
            for (var y = 0; y < Side; y++)
            {
                for (var x = 0; x < Side; x++)
                    pixels[(i * Side + y) * Side + x] = (float)(
                        Ink(Font[digits[i]], x - left, y - top) + Noise * (2 * random.NextDouble() - 1)
                    );
            }
        }

        return new(tensor(pixels, [count, Side, Side]), tensor(digits));
    }

    private static int Ink(byte[] rows, int x, int y) =>
        x >= 0 && y >= 0 && x < 5 * Scale && y < 7 * Scale ? (rows[y / Scale] >> (4 - x / Scale)) & 1 : 0;
}
