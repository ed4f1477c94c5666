using LowRank.Data.Benchmarks;
using LowRank.Data.Benchmarks.Crawl;

if (args is ["crawl", var packages, var output])
{
    var (pages, bytes) = CrawlMaker.Make(packages, output);
    Console.WriteLine($"{pages} pages, {bytes / 1e6:0.0} MB of HTML");
    return 0;
}

if (args is ["held-out", var filtered, var raw, var parts])
{
    HeldOut.Write(filtered, raw, parts);
    return 0;
}

if (args is ["copies", var documents, var folder, var number] && int.TryParse(number, out var copies))
{
    Console.WriteLine($"{NoisyCopies.Make(documents, folder, copies) / 1e6:0.0} MB of text");
    return 0;
}

var rounds = 15;
var only = "";
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--only" && i + 1 < args.Length)
    {
        only = args[++i];
    }
    else if (args[i] == "--rounds" && i + 1 < args.Length && int.TryParse(args[i + 1], out var given) && given > 0)
    {
        rounds = given;
        i++;
    }
    else
    {
        Console.Error.WriteLine(
            "Measures what is done to text before training, in MB/s of one core. --only TEXT measures what is named so; --rounds N changes how often. crawl PACKAGES OUTPUT makes WARC files of what Crawl/fetch has fetched; held-out FILTERED RAW OUTPUT parts documents for a comparison; copies DOCUMENTS OUTPUT N makes noisy copies of documents."
        );
        return 1;
    }
}

var texts = SampleText.Read();
Console.WriteLine($"{texts.Documents.Count} documents, {texts.Bytes / 1e6:0.0} MB of UTF-8, median of {rounds} rounds on one core");
Rounds.Measure(Measurements.All, texts, only, rounds);
return 0;
