using System.Text;
using Lingua;
using LowRank.Training.Documents;
using LowRank.Training.Filtering;
using LanguageDetector = LowRank.Training.Filtering.LanguageDetector;

namespace LowRank.Training.Tests.Filtering;

public sealed class LanguageFilterTests : IDisposable
{
    private const string English =
        "The river rises in the hills, where it is hardly more than a brook, and takes its way through woods, meadows and small towns; "
        + "at last it meets the sea, which nobody who saw its source would have believed. ";

    private const string German =
        "Der Fluss entspringt in den Bergen, wo er kaum mehr als ein Bach ist, und nimmt seinen Weg durch Wälder, Wiesen und kleine Städte; "
        + "schließlich trifft er auf das Meer, was niemand für möglich gehalten hätte, der die Quelle sah. ";

    private static readonly LanguageDetector Detector = new(new LanguageOptions());

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string> Texts =>
        new()
        {
            { "en", English },
            { "de", German },
            {
                "fr",
                "La rivière prend sa source dans les collines, où elle n'est guère plus qu'un ruisseau, et traverse des bois et des prés."
            },
            { "es", "El río nace en las colinas, donde apenas es más que un arroyo, y atraviesa bosques, praderas y pequeñas ciudades." },
            { "it", "Il fiume nasce sulle colline, dove è poco più di un ruscello, e attraversa boschi, prati e piccole città." },
            { "pt", "O rio nasce nas colinas, onde é pouco mais que um riacho, e atravessa bosques, prados e pequenas cidades." },
            { "nl", "De rivier ontspringt in de heuvels, waar zij nauwelijks meer dan een beek is, en stroomt door bossen en weiden." },
            { "pl", "Rzeka bierze początek na wzgórzach, gdzie jest ledwie strumieniem, i płynie przez lasy, łąki i małe miasta." },
            { "sv", "Floden rinner upp bland kullarna, där den knappt är mer än en bäck, och tar sig fram genom skogar och ängar." },
            { "fi", "Joki saa alkunsa kukkuloilta, missä se on tuskin puroa suurempi, ja virtaa metsien ja niittyjen halki." },
            { "tr", "Irmak, bir dereden pek de büyük olmadığı tepelerden doğar ve ormanların, çayırların arasından akar." },
            { "vi", "Con sông bắt nguồn từ những ngọn đồi, nơi nó chỉ như một con suối nhỏ, rồi chảy qua rừng và đồng cỏ." },
            { "ru", "Река берёт начало в холмах, где она едва ли больше ручья, и течёт через леса, луга и маленькие города." },
            { "uk", "Річка бере початок у пагорбах, де вона ледве більша за струмок, і тече крізь ліси, луки та маленькі міста." },
            { "el", "Ο ποταμός πηγάζει από τους λόφους, όπου μόλις που είναι ρυάκι, και διασχίζει δάση και λιβάδια." },
            { "ar", "ينبع النهر من التلال حيث لا يكاد يكون أكثر من جدول، ويشق طريقه عبر الغابات والمروج والبلدات الصغيرة." },
            { "he", "הנהר נובע בגבעות, שם הוא כמעט נחל, ועובר ביערות, באחו ובעיירות קטנות." },
            { "hi", "नदी पहाड़ियों से निकलती है, जहाँ वह मुश्किल से एक नाला है, और जंगलों और मैदानों से होकर बहती है।" },
            { "th", "แม่น้ำมีต้นกำเนิดจากเนินเขา ซึ่งเป็นเพียงลำธารเล็ก ๆ แล้วไหลผ่านป่าและทุ่งหญ้า" },
            { "zh", "这条河发源于山丘，起初不过是一条小溪，然后流经森林、草地和小镇。" },
            { "ja", "川は丘に源を発し、そこではほとんど小川にすぎず、森や草原や小さな町を流れていく。" },
            { "ko", "그 강은 언덕에서 시작되는데, 그곳에서는 시내에 지나지 않으며, 숲과 초원과 작은 마을을 지나 흐른다." },
        };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_sentence_is_enough(string code, string text)
    {
        var (language, score) = Detector.Detect(text);

        Assert.Equal(code, language);
        Assert.InRange(score, 0.8, 1);
    }

    [Fact]
    public void Lingua_itself_says_the_same_of_each()
    {
        // Its low accuracy is that of sequences of three letters as well.
        var lingua = LanguageDetectorBuilder.FromAllLanguages().WithLowAccuracyMode().Build();

        Assert.Equal(
            Texts.Select(text => text.Data.Item1),
            Texts.Select(text => lingua.DetectLanguageOf(text.Data.Item2).IsoCode6391().ToString().ToLowerInvariant())
        );
    }

    [Fact]
    public void Documents_in_other_languages_are_dropped()
    {
        var filter = new LanguageFilter(new LanguageOptions());

        Assert.Equal((null, "en"), (Apply(filter, English, out var document), document.Language));
        Assert.InRange(document.LanguageScore!.Value, 0.95, 1);
        Assert.Equal((LanguageFilter.OtherLanguage, "de"), (Apply(filter, German, out document), document.Language));
        Assert.Equal((LanguageFilter.OtherLanguage, null), (Apply(filter, "12.5 — 13 %\n", out document), document.Language));
        Assert.Equal(0, document.LanguageScore);
        Assert.Null(Apply(new LanguageFilter(new LanguageOptions { Languages = ["fr", "de"] }), German, out _));
    }

    [Fact]
    public void The_score_is_about_the_share_of_the_text()
    {
        var mixed = string.Concat(Enumerable.Repeat(English, 20)) + string.Concat(Enumerable.Repeat(German, 10));

        var (language, score) = Detector.Detect(mixed);
        Assert.Equal("en", language);
        Assert.InRange(score, 0.55, 0.75);
        Assert.Equal(LanguageFilter.LowScore, Apply(new LanguageFilter(new LanguageOptions { Threshold = score }), mixed, out _));
        Assert.Null(Apply(new LanguageFilter(new LanguageOptions { Threshold = score - 1e-9 }), mixed, out _));
    }

    [Fact]
    public void Letters_at_random_are_no_language()
    {
        var random = new Random(7);
        var text = new StringBuilder();
        for (var i = 0; i < 2000; i++)
            text.Append(i % 7 == 6 ? ' ' : (char)('a' + random.Next(26)));

        Assert.InRange(Detector.Detect(text.ToString()).Score, 0, 0.65);
    }

    [Fact]
    public void A_text_has_the_same_score_for_every_detector()
    {
        var text = English + German;
        var first = Detector.Detect(text);
        Detector.Detect("something else");

        Assert.Equal(first, Detector.Detect(text));
        Assert.Equal(first, new LanguageDetector(new LanguageOptions()).Detect(text));
    }

    [Fact]
    public void Looking_at_a_text_takes_no_memory()
    {
        var text = string.Concat(Enumerable.Repeat(English, 17));
        Detector.Detect(text);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Detector.Detect(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 4096);
    }

    [Fact]
    public void Models_that_are_missing_are_asked_for()
    {
        var exception = Assert.Throws<InputException>(() => new LanguageFilter(new LanguageOptions { Models = folder.Under("none") }));
        Assert.Contains(
            $"none in '{folder.Under("none")}'. Add them to the program with `dotnet add package SearchPioneer.Lingua`",
            exception.Message,
            StringComparison.Ordinal
        );

        var model = folder.Write("broken/en/trigrams.json.br", "no brotli");
        exception = Assert.Throws<InputException>(() => new LanguageFilter(new LanguageOptions { Models = folder.Under("broken") }));
        Assert.StartsWith($"The model of a language '{model}' can't be read:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_without_a_model_is_refused() =>
        Assert.StartsWith(
            "The language \"english\" is not known; give codes of ISO 639-1 such as en: af, am,",
            Assert.Throws<InputException>(() => new LanguageFilter(new LanguageOptions { Languages = ["en", "english"] })).Message,
            StringComparison.Ordinal
        );

    private static string? Apply(LanguageFilter filter, string text, out Document document)
    {
        document = new Document { Id = "1", Text = text };
        return filter.Apply(document);
    }
}
