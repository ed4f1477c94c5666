using System.Globalization;
using System.Text;
using System.Text.Json;
using LowRank.Data.Benchmarks.Crawl;
using LowRank.Training.Documents;
using LowRank.Training.Pipelines;

namespace LowRank.Data.Benchmarks;

/// <summary>The sample in files of several kinds, read; and a whole pipeline over one of them.</summary>
internal static class Files
{
    /// <summary>Reading a file of the sample.</summary>
    /// <param name="name">What it is called in the table.</param>
    /// <param name="extension">The kind of file.</param>
    public static Measurement Reading(string name, string extension) =>
        new(
            name,
            sample =>
            {
                var file = Write(sample, Folder(), extension);
                return () =>
                {
                    if (DocumentReader.Read(file).Count() != sample.Documents.Count)
                        throw new InvalidOperationException($"{file} was not read as a whole.");
                };
            }
        );

    /// <summary>From a compressed file to documents and tokens, by one thread.</summary>
    /// <param name="name">What it is called in the table.</param>
    /// <param name="preset">The steps; the tokens' vocabulary is a trained one of 4,096.</param>
    public static Measurement Pipeline(string name, string preset) =>
        new(
            name,
            sample =>
            {
                var folder = Folder();
                Directory.CreateDirectory(Path.Combine(folder, "in"));
                Write(sample, Path.Combine(folder, "in"), ".jsonl.zst");
                var run = 0;
                return () =>
                {
                    var output = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"out-{run++}"));
                    var text = $$"""
                        { "input": {{Quoted(Path.Combine(folder, "in"))}}, "output": {{Quoted(output)}}, "preset": "{{preset}}",
                          "set": { "tokens": { "vocabulary": 4096, "sampleBytes": 1000000 } } }
                        """;
                    var job = PipelineJob.Of(PipelineFile.Parse("pipeline", text), CancellationToken.None);
                    if (job.Run(TaskShare.All, 1, false, new Progress<string>(), CancellationToken.None) is { } missing)
                        throw new InvalidOperationException(missing);
                };
            }
        );

    private static string Write(SampleText sample, string folder, string extension)
    {
        var file = Path.Combine(folder, "sample" + extension);
        if (extension == ".warc.gz")
        {
            var package = Path.Combine(folder, "packages", "sample");
            Directory.CreateDirectory(package);
            foreach (var (number, text) in sample.Documents.Index())
            {
                var paragraphs = text.Split('\n').Select(line => $"<p>{System.Net.WebUtility.HtmlEncode(line)}</p>");
                File.WriteAllText(
                    Path.Combine(package, string.Create(CultureInfo.InvariantCulture, $"{number:00000}.html")),
                    $"<html><head><title>{number}</title></head><body><article>{string.Concat(paragraphs)}</article></body></html>"
                );
            }

            CrawlMaker.Make(Path.Combine(folder, "packages"), folder);
            File.Move(Path.Combine(folder, "sample-00.warc.gz"), file);
            return file;
        }

        if (extension == ".jsonl")
        {
            File.WriteAllLines(file, sample.Documents.Select(text => $$"""{"text":{{Quoted(text)}}}"""), new UTF8Encoding(false));
            return file;
        }

        using var writer = new DocumentWriter(file, file + ".part");
        foreach (var (number, text) in sample.Documents.Index())
            writer.Write(new Document { Id = number.ToString(CultureInfo.InvariantCulture), Text = text });
        writer.Complete();
        return file;
    }

    private static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("lowrank-files-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
