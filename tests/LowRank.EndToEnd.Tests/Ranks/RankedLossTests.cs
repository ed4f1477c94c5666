using System.Globalization;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.RankProbe;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>
/// What ranks under <c>mpirun</c> train is what one process trains: fifty steps by every optimizer, with guides through their phase-out,
/// and of adapters, whatever the ranks share.
/// </summary>
[Collection(OnAllCores.Name)]
public sealed class RankedLossTests(RankedLossTests.Launches launches, ITestOutputHelper log) : IClassFixture<RankedLossTests.Launches>
{
    // Of a loss. Sums in another order, and what the weights become by them.
    private const double Tolerance = 1e-6;

    [Theory(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Fifty_steps_have_the_losses_of_one_process_and_a_repeat_the_same_bits(int ranks)
    {
        var said = launches.Of(ranks).ToLookup(report => (report.Scenario, report.Rank));
        for (var rank = 0; rank < ranks; rank++)
        {
            var all = said[("train", rank)].ToList();
            Assert.Equal(Launches.Repeats(ranks), all.Count);
            Assert.All(all, again => Assert.Equal(all[0].Values, again.Values));
        }

        var first = said[("train", 0)].First().Values;
        Assert.Equal(2 * launches.Alone.Count, first.Count);
        foreach (var (name, losses) in first)
            AssertClose(name, launches.Alone[name[..name.LastIndexOf(' ')]], losses);
        // All have what the first one says at the end.
        Assert.All(
            Enumerable.Range(1, ranks - 1).SelectMany(rank => said[("train", rank)].First().Values),
            other => Assert.Equal(first[other.Key].Split(' ')[^1], other.Value)
        );
    }

    [Theory(Skip = Mpirun.Missing, SkipUnless = nameof(Mpirun.IsThere), SkipType = typeof(Mpirun))]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_two_ranks_have_begun_goes_on_under(int ranks)
    {
        var begun = launches.Of(2).Single(report => report is { Scenario: "begin", Rank: 0 }).Values;
        var ended =
            ranks == 1 ? launches.GoOnAlone() : launches.Of(ranks).Single(report => report is { Scenario: "go-on", Rank: 0 }).Values;
        Assert.Equal(launches.Alone.Keys.Order(), ended.Keys.Order());
        foreach (var (name, losses) in ended)
            AssertClose(name, launches.Alone[name], $"{begun[name]} {losses}");
    }

    private void AssertClose(string name, string expected, string actual)
    {
        var (alone, ranked) = (Numbers(expected), Numbers(actual));
        Assert.Equal(alone.Count, ranked.Count);
        Assert.True(alone.Count > TrainingScenarios.Steps);
        double[] differences = [.. alone.Zip(ranked, (one, other) => Math.Abs(one - other) / one)];
        var all = string.Join(' ', differences.Select(one => one.ToString("0.0e0", CultureInfo.InvariantCulture)));
        log.WriteLine($"{name}: {differences.Max():0.0e0}");
        Assert.True(differences.Max() <= Tolerance, $"{name} differs: {all}");
    }

    private static List<double> Numbers(string text) => [.. text.Split(' ').Select(one => double.Parse(one, CultureInfo.InvariantCulture))];

    /// <summary>One launch for each number of ranks, which does everything, since a start costs seconds.</summary>
    public sealed class Launches : IDisposable
    {
        private readonly WorkFolder folder = new();
        private readonly Dictionary<int, Lazy<IReadOnlyList<RankReport>>> launched;
        private readonly Lazy<IReadOnlyDictionary<string, string>> alone;

        public Launches()
        {
            launched = new[] { 2, 3, 4 }.ToDictionary(ranks => ranks, ranks => new Lazy<IReadOnlyList<RankReport>>(() => Launch(ranks)));
            alone = new(() =>
            {
                TrainingScenarios.Prepare(folder.Path);
                return TrainingScenarios
                    .Train(group: null, folder.Path)
                    .ToDictionary(loss => loss.Name[..loss.Name.LastIndexOf(' ')], loss => loss.Value);
            });
        }

        /// <summary>The losses of one process.</summary>
        internal IReadOnlyDictionary<string, string> Alone => alone.Value;

        /// <summary>What so many ranks said.</summary>
        internal IReadOnlyList<RankReport> Of(int ranks) => launched[ranks].Value;

        /// <summary>One process goes on with what two have begun.</summary>
        internal Dictionary<string, string> GoOnAlone()
        {
            CopyBegun(1);
            return TrainingScenarios.GoOn(group: null, folder.Path).ToDictionary(loss => loss.Name, loss => loss.Value);
        }

        /// <summary>How often everything is trained: four ranks on two cores are slow.</summary>
        internal static int Repeats(int ranks) => ranks == 4 ? 1 : 2;

        public void Dispose() => folder.Dispose();

        private IReadOnlyList<RankReport> Launch(int ranks)
        {
            _ = Alone;
            // Two begin, and the others go on.
            if (ranks != 2)
                CopyBegun(ranks);
            var (said, exitCode, rest) = ProbeJob.Run(
                ranks,
                [.. Enumerable.Repeat("train", Repeats(ranks)), ranks == 2 ? "begin" : "go-on"],
                "-x",
                $"{TrainingScenarios.FolderVariable}={folder.Path}"
            );
            Assert.Equal((0, ""), (exitCode, rest));
            Assert.All(said, report => Assert.True(report.Error is null, report.Error));
            return said;
        }

        private void CopyBegun(int ranks)
        {
            Of(2);
            var from = TrainingScenarios.Begun(folder.Path, 2);
            foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(TrainingScenarios.Begun(folder.Path, ranks), Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }
}
