using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;
using LowRank.Training.Json;

namespace LowRank.Training.Pipelines;

/// <summary>Which steps there are, and what they are made of.</summary>
internal static class StepKinds
{
    private const string NameKey = "step";

    /// <summary>Reads a step that says its own name.</summary>
    /// <param name="name">Where the name stands.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="WrongJsonException">There is no such step, or an option is wrong.</exception>
    public static PipelineStep Read(JsonPlace name, JsonPlace step)
    {
        var kind = $"one of {string.Join(", ", StepNames.All)}";
        return StepNames.All.Contains(name.Text(kind)) ? Read(name.Text(), [step], [NameKey]) : throw name.MustBe(kind);
    }

    /// <summary>Reads a step's options.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="places">Where options stand; the later win.</param>
    /// <param name="besides">Keys that are no options.</param>
    /// <exception cref="WrongJsonException">An option is wrong.</exception>
    public static PipelineStep Read(string name, IReadOnlyList<JsonPlace> places, params IReadOnlyCollection<string> besides)
    {
        var json = PipelineJson.Default;
        return name switch
        {
            StepNames.Url => Filter(
                json.UrlFilterOptions,
                new UrlFilterOptions(),
                UrlLists.Of,
                (lists, _) => new UrlFilter(lists),
                options =>
                    [
                        .. options.Domains,
                        .. options.Urls,
                        .. options.Words,
                        .. options.SoftWords,
                        .. options.Subwords,
                        .. Given(options.PublicSuffixes),
                    ]
            ),
            StepNames.Language => Filter(
                json.LanguageOptions,
                new LanguageOptions(),
                options => options,
                (options, _) => new LanguageFilter(options)
            ),
            StepNames.GopherRepetition => Filter(
                json.GopherRepetitionOptions,
                new GopherRepetitionOptions(),
                options => options,
                (options, words) => new GopherRepetitionFilter(options, words)
            ),
            StepNames.GopherQuality => Filter(
                json.GopherQualityOptions,
                new GopherQualityOptions(),
                options => options,
                (options, words) => new GopherQualityFilter(options, words)
            ),
            StepNames.C4 => Filter(json.C4Options, new C4Options(), options => options, (options, _) => new C4Filter(options)),
            StepNames.FineWebQuality => Filter(
                json.FineWebQualityOptions,
                new FineWebQualityOptions(),
                options => options,
                (options, words) => new FineWebQualityFilter(options, words)
            ),
            StepNames.Pii => Filter(json.PiiOptions, new PiiOptions(), options => options, (options, _) => new PiiFilter(options)),
            StepNames.Exact => Duplicates(json.ExactOptions, new ExactOptions(), (options, folder, _) => new ExactSearch(folder, options)),
            StepNames.MinHash => Duplicates(
                json.MinHashOptions,
                new MinHashOptions(),
                (options, folder, words) => new MinHashSearch(folder, options, words)
            ),
            _ => Tokens(),
        };

        T Options<T>(JsonTypeInfo<T> type, T defaults) =>
            places.Aggregate(defaults, (options, place) => StepOptions.Read(place, type, options, besides));

        FilterStep Filter<T, TShared>(
            JsonTypeInfo<T> type,
            T defaults,
            Func<T, TShared> share,
            Func<TShared, TextWords, IDocumentFilter> create,
            Func<T, IReadOnlyList<string>>? files = null
        )
            where TShared : class
        {
            var options = Options(type, defaults);
            // Lists of millions are read once, when they are first needed, and shared by all threads.
            var shared = new Lazy<object>(() => share(options));
            return new FilterStep(
                name,
                JsonSerializer.SerializeToNode(options, type)!.AsObject(),
                files?.Invoke(options) ?? [],
                words => create((TShared)shared.Value, words)
            );
        }

        DuplicatesStep Duplicates<T>(
            JsonTypeInfo<T> type,
            T defaults,
            Func<T, DuplicateFolder, Func<IWordSplitter>, DuplicateSearch> create
        )
        {
            var options = Options(type, defaults);
            // Makes nothing but says what can't be.
            Try(() => create(options, new DuplicateFolder("."), WordSplitters.Find(WordSplitters.Usual)!));
            return new DuplicatesStep(
                name,
                JsonSerializer.SerializeToNode(options, type)!.AsObject(),
                (folder, words) => create(options, new DuplicateFolder(folder), words)
            );
        }

        void Try(Action check)
        {
            try
            {
                check();
            }
            catch (InputException exception)
            {
                throw places[^1].Wrong($"can't be: {exception.Message.TrimEnd('.')}");
            }
        }

        TokensStep Tokens()
        {
            var options = Options(json.TokensOptions, new TokensOptions());
            Try(options.Check);
            return new TokensStep(JsonSerializer.SerializeToNode(options, json.TokensOptions)!.AsObject(), options);
        }
    }

    private static string[] Given(string? path) => path is null ? [] : [path];
}
