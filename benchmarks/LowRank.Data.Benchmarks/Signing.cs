using LowRank.Training.Deduplication;
using LowRank.Training.Filtering;

namespace LowRank.Data.Benchmarks;

/// <summary>
/// Signatures by which duplicates are found, of one unit without end: sorted files of them go to the temporary folder now and then. What
/// follows, merging them, takes a few hundredths of that time.
/// </summary>
internal static class Signing
{
    /// <summary>With published options, but for the function that hashes shingles.</summary>
    public static Measurement MinHash(string name, ShingleHash hash) =>
        Of(name, folder => new MinHashSearch(folder, new MinHashOptions { Hash = hash }, () => new WhiteSpaceSplitter()));

    /// <summary>Those of equal texts.</summary>
    public static Measurement Exact(string name) => Of(name, folder => new ExactSearch(folder, new ExactOptions()));

    private static Measurement Of(string name, Func<DuplicateFolder, DuplicateSearch> make) =>
        Measurement.OfTexts(
            name,
            () =>
            {
                var folder = Directory.CreateTempSubdirectory("lowrank-duplicates-").FullName;
                AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
                var signer = make(new DuplicateFolder(folder)).OpenUnit(0);
                var document = 0;
                return text => signer.Add(document++, text);
            }
        );
}
