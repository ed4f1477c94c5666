using System.Text;

namespace LowRank.Training.Tests.Tokenization;

/// <summary>Text in which the cases that tokenizers get wrong are common.</summary>
internal static class RandomText
{
    private static readonly string[] BasicPlane =
    [
        "abcdefghij ",
        " \t\n\r\u00A0\u2003\u0085\u001C\u2028",
        "'sS tTrReEvVlLmMdD",
        "0123456789²½Ⅷ٣",
        "éßñüÅΩжא你好日本語한글",
        "!?.,;:-_()[]{}<>|=+*/\\\"#@",
        "\u0301\u200D\u0000\u0007\u001B\u007F\uFFFD\uFEFF",
    ];

    private static readonly string[] Beyond = ["😀", "𝐀", "𝒳", "🇩", "👩\u200D👧", "𠀀"];

    public static string Next(Random random, int longest, bool beyondBasicPlane = true)
    {
        var text = new StringBuilder();
        var length = random.Next(longest);
        var first = BasicPlane[random.Next(BasicPlane.Length)];
        var second = BasicPlane[random.Next(BasicPlane.Length)];
        while (text.Length < length)
        {
            var pool = random.Next(2) == 0 ? first : second;
            text.Append(pool[random.Next(pool.Length)]);
            if (beyondBasicPlane && random.Next(8) == 0)
                text.Append(Beyond[random.Next(Beyond.Length)]);
        }

        return text.ToString();
    }
}
