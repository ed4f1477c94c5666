using System.Collections.Concurrent;
using System.Text;
using LowRank.Training.Deduplication;
using LowRank.Training.Documents;
using LowRank.Training.Filtering;

namespace LowRank.Training.Pipelines;

/// <summary>
/// One reading of the units: what a search for duplicates has found is left out, the rules up to the next search are applied, and what is
/// left is written, and signed for that search. A unit's documents come out in their order, however many threads judge them.
/// </summary>
internal sealed record FilterPass
{
    /// <summary>Enough for all threads, and little memory.</summary>
    private const int BatchDocuments = 256;

    private const int BatchCharacters = 1 << 22;

    /// <summary>Reads the documents of a unit.</summary>
    public required Func<int, UnitReading, CancellationToken, IEnumerable<Document>> Read { get; init; }

    /// <summary>Begins the file of what is left of a unit.</summary>
    public required Func<int, DocumentWriter> Write { get; init; }

    /// <summary>Makes what finds words, for one thread.</summary>
    public required Func<IWordSplitter> Words { get; init; }

    /// <summary>The rules.</summary>
    public required IReadOnlyList<FilterStep> Steps { get; init; }

    /// <summary>The search whose duplicates are left out, and its name; null for none.</summary>
    public (string Name, DuplicateSearch Search)? Found { get; init; }

    /// <summary>The search that comes next; null for none.</summary>
    public DuplicateSearch? Next { get; init; }

    /// <summary>Reads a unit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="threads">How many judge documents at once.</param>
    /// <param name="cancellation">Ends the work; nothing is left of it.</param>
    public UnitRecord Run(int unit, int threads, CancellationToken cancellation) => new Running(this, unit, threads, cancellation).Run();

    private sealed class Running(FilterPass pass, int unit, int threads, CancellationToken cancellation)
    {
        private readonly ConcurrentBag<FilterChain> idle = [];
        private readonly List<FilterChain> chains = [];
        private readonly List<StepTally> tallies = [.. pass.Steps.Select(step => new StepTally(step.Name))];
        private readonly StepTally? duplicates = pass.Found is { } found ? new StepTally(found.Name) : null;
        private readonly LengthHistogram lengths = new();
        private readonly LengthHistogram keptLengths = new();
        private readonly SortedDictionary<string, long> languages = new(StringComparer.Ordinal);
        private readonly int languageAt = pass.Steps.ToList().FindIndex(step => step.Name == StepNames.Language);
        private int orderless;
        private long documents;
        private long bytes;
        private int kept;
        private long keptBytes;

        public UnitRecord Run()
        {
            // Rules that go by the order of documents come behind those that don't, in one thread.
            var inOrder = NewChain();
            orderless = inOrder.Filters.TakeWhile(filter => !filter.DependsOnOrder).Count();
            idle.Add(inOrder);
            var reading = new UnitReading();
            using var writer = pass.Write(unit);
            using var signer = pass.Next?.OpenUnit(unit);
            var removed = pass.Found?.Search.LoadRemovals(unit);
            var index = 0;
            foreach (var batch in Batches(pass.Read(unit, reading, cancellation)))
            {
                var judged = Judge(batch, removed, index);
                index += batch.Count;
                for (var place = 0; place < batch.Count; place++)
                {
                    if (Take(batch[place], judged[place], inOrder))
                    {
                        signer?.Add(kept, batch[place].Text);
                        writer.Write(batch[place]);
                        kept++;
                    }
                }
            }

            signer?.Complete(cancellation);
            writer.Complete();
            return Record(reading);
        }

        private static IEnumerable<List<Document>> Batches(IEnumerable<Document> documents)
        {
            var batch = new List<Document>(BatchDocuments);
            var characters = 0L;
            foreach (var document in documents)
            {
                batch.Add(document);
                characters += document.Text.Length;
                if (batch.Count == BatchDocuments || characters >= BatchCharacters)
                {
                    yield return batch;
                    batch = new List<Document>(BatchDocuments);
                    characters = 0;
                }
            }

            if (batch.Count > 0)
                yield return batch;
        }

        private (int Filter, string? Reason, int Bytes)[] Judge(List<Document> batch, Removals? removed, int first)
        {
            var judged = new (int Filter, string? Reason, int Bytes)[batch.Count];
            // The lengths are those before rules rewrite the text.
            foreach (var document in batch)
                lengths.Add(document.Text);
            if (threads == 1)
            {
                var chain = chains[0];
                for (var place = 0; place < batch.Count; place++)
                    judged[place] = JudgeOne(place, chain);
                return judged;
            }

            Parallel.For(
                0,
                batch.Count,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
                () => idle.TryTake(out var chain) ? chain : NewChain(),
                (place, _, chain) =>
                {
                    judged[place] = JudgeOne(place, chain);
                    return chain;
                },
                idle.Add
            );
            return judged;

            (int Filter, string? Reason, int Bytes) JudgeOne(int place, FilterChain chain)
            {
                cancellation.ThrowIfCancellationRequested();
                var document = batch[place];
                var length = Encoding.UTF8.GetByteCount(document.Text);
                if (removed?.Contains(first + place) == true)
                    return (-1, "duplicate", length);
                var (filter, reason) = chain.Apply(document, 0, orderless);
                return (filter, reason, length);
            }
        }

        // Counts a document, and says whether it is left.
        private bool Take(Document document, (int Filter, string? Reason, int Bytes) judged, FilterChain inOrder)
        {
            documents++;
            bytes += judged.Bytes;
            duplicates?.Note(document, judged.Filter < 0 ? judged.Reason : null);
            if (judged.Filter < 0)
                return false;

            var (filter, reason) = judged.Reason is null
                ? inOrder.Apply(document, orderless, tallies.Count)
                : (judged.Filter, judged.Reason);
            // Of some documents rules leave nothing. Readers know no empty ones, and the next pass counts as they do.
            if (reason is null && document.Text.Length == 0)
                (filter, reason) = (tallies.Count - 1, "empty");
            if (filter >= languageAt && languageAt >= 0 && document.Language is { } language)
                languages[language] = languages.GetValueOrDefault(language) + 1;
            for (var step = 0; step < tallies.Count && step <= filter; step++)
                tallies[step].Note(document, step == filter ? reason : null);
            if (reason is not null)
                return false;

            keptLengths.Add(document.Text);
            keptBytes += Encoding.UTF8.GetByteCount(document.Text);
            return true;
        }

        private UnitRecord Record(UnitReading reading)
        {
            var steps = tallies.Select((tally, step) => tally.Record(Counts.Sum(chains.Select(chain => chain.Filters[step].Removals))));
            return new UnitRecord
            {
                Documents = documents,
                Bytes = bytes,
                Kept = kept,
                KeptBytes = keptBytes,
                Broken = reading.Broken?.Count ?? 0,
                FirstBroken = reading.Broken?.First,
                WithoutText = reading.WithoutText,
                Unreadable = reading.Unreadable,
                Steps = duplicates is null ? [.. steps] : [duplicates.Record(Counts.None), .. steps],
                Lengths = lengths.Counts,
                KeptLengths = keptLengths.Counts,
                Languages = languages,
            };
        }

        private FilterChain NewChain()
        {
            var words = new TextWords(pass.Words());
            var chain = new FilterChain([.. pass.Steps.Select(step => step.Create(words))]);
            lock (chains)
                chains.Add(chain);
            return chain;
        }
    }
}
