using LowRank.Training.Tokenization;

namespace LowRank.Training.Tests.Tokenization.Published;

/// <summary>Texts in which tokenizers differ: languages, code, runs of white space, special tokens, control characters, nothing.</summary>
internal static class VariedTexts
{
    private static readonly string[] Written =
    [
        "",
        " ",
        "  ",
        "\n",
        "\r\n\r\n\t \n",
        "a",
        "Hello, world!",
        " Hello,  world! ",
        "It's they'll WE'VE i'm don't he'D 'sS 'ſ",
        "The quick brown fox jumps over the lazy dog. 1234567890 3.14159 1,000,000 0x1F 10:45",
        "for (int i = 0; i < n; i++) {\n\tsum += a[i] * b[i]; // comment\n}\n",
        "def f(x):\n    return {\n        'a': [1, 2, 3],\n    }\n\n\n\n    pass",
        "    eight        spaces                and thirty-two                                done",
        "tabs\t\tand\t\t\tmore\n\n\nlines\r\n\r\nend   ",
        "https://example.org/path?query=1&b=%20#frag user@example.org C:\\Users\\x",
        "Übergrößenträger straße ÀÉÎÕÜ naïve café cafe\u0301 ﬁ ﬂ Ⅷ ② ½ ™",
        "Привет, мир! Съешь же ещё этих мягких французских булок.",
        "Ελληνικά ΌΔΟΣ όδος ΣΊΣΥΦΟΣ",
        "你好，世界！今天天气很好。「引号」、１２３ＡＢＣ",
        "日本語のテキスト。カタカナとひらがなー 漢字 ｶﾅ",
        "한국어 텍스트입니다. 안녕하세요 \u1112\u1161\u11ab",
        "مرحبا بالعالم، هذا نص. ١٢٣ لَا",
        "שלום עולם בְּרֵאשִׁית",
        "नमस्ते दुनिया क्षेत्र १२३",
        "สวัสดีชาวโลก ภาษาไทย",
        "Xin chào thế giới Việt Nam ươ ƠƯ",
        "İstanbul ışık ISPARTA ǅ ǆ",
        "😀 😀😀 👩\u200D👩\u200D👧\u200D👦 🇩🇪🇫🇷 ❤\uFE0F 👍🏽 1\uFE0F\u20E3",
        "𝐇𝐞𝐥𝐥𝐨 𝟏𝟐𝟑 𠀀𠮷 𐍈 𐐀𐐨",
        "\u0000\u0001\u0007\u001B\u007F\u0080\u0085\u009F\u00AD\u200B\u200E\u2028\u2029\uFEFF\uFFFD\uE000",
        "a\u0301\u0302\u0303b\u0300 \u0301x \u0338= q\u0307\u0323",
        "▁ ▁▁word ▁word▁ _word_ __init__",
        "Ġword Ċ âĢĻ Â",
        "<0x41><0xE2><0x82> <0x00>",
        "##ing un##able [UNK] [MASK] <unk> <s> </s> <pad>",
        "wait...what?!?! -- (yes) [no] {maybe} <tag attr=\"v\"/> & $5.00 €5 £5 ¥5 5% #1 a_b a-b a/b a\\b ~^`|",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "ANTIDISESTABLISHMENTARIANISM PascalCaseName camelCaseName SCREAMING_SNAKE HTTPServer2Go",
        "\u3000\u00A0\u2003 spaces \u3000\u3000of\u00A0many\u2003\u2003kinds\u202F",
        "x²+y²=z² ∑∏∫√∞≠≤≥ ∂/∂x ℝ → ⇒ ¬",
        "0 00 000 0000 00000 12 123 1234 12345 ١٢٣٤ ⅣⅤ",
        "\n\n\n\n\n\n",
        "\t\t\t\t",
        "                                ",
        " \n \n \n",
        "a\nb\r\nc\rd\u2028e",
        "“curly” ‘quotes’ — dash – en … ‹›«»",
        "don’t it’s ’twas",
        "ﷺ ǆ ŉ ẞ ß ﬀ ﬃ ﬆ Å Å ㌀ ㍿ ｱﾞ",
    ];

    /// <summary>At least 200 for a tokenizer, with its own special and added tokens in some.</summary>
    public static IReadOnlyList<string> For(Tokenizer tokenizer)
    {
        var random = new Random(8);
        List<string> texts = [.. Written, .. Written.Select(text => $"{text} {text}")];
        string[] special = [.. tokenizer.Special.Select(token => token.Text)];
        for (var index = 0; index < 60; index++)
            texts.Add(RandomText.Next(random, 120));
        for (var index = 0; index < 60 && special.Length > 0; index++)
        {
            texts.Add(
                string.Concat(
                    Enumerable
                        .Range(0, 1 + random.Next(5))
                        .Select(_ => RandomText.Next(random, 12) + special[random.Next(Math.Min(special.Length, 12))])
                ) + RandomText.Next(random, 12)
            );
        }

        string[] names = [.. Enumerable.Range(0, tokenizer.VocabularySize).Except(tokenizer.MissingIds).Select(tokenizer.Name)];
        for (var index = 0; index < 40; index++)
            texts.Add(string.Concat(Enumerable.Range(0, 6).Select(_ => names[random.Next(names.Length)])));
        return texts;
    }
}
