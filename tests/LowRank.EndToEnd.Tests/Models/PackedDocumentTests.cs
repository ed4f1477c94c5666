using LowRank.EndToEnd.Tests.Cuda;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Packed rows: what they compute is what each of their documents computes in a row of its own.</summary>
public sealed class PackedDocumentTests
{
    private const int Length = 29;

    // A row of several, one of them a single token; a row that is one; a row of two.
    private static readonly int[][] Starts =
    [
        [0, 9, 10, 22],
        [0],
        [0, 17],
    ];

    public static TheoryData<string> Models => [.. RecordedPassTests.Small, "Adapted", "AdaptedForms", "RecurrentLanguageModel"];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_is_its_documents_run_by_themselves_in_double_precision(string name) =>
        Check(name, new ModelOptions { DataType = ScalarType.Float64, Seed = 5 }, 1e-12, 1e-10);

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_is_its_documents_run_by_themselves_in_single_precision(string name) =>
        Check(name, new ModelOptions { Seed = 5 }, 1e-5, 2e-5);

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [MemberData(nameof(Models))]
    public void On_a_GPU_a_row_is_its_documents_run_by_themselves(string name) =>
        Check(
            name,
            new ModelOptions
            {
                DataType = ScalarType.Float64,
                Seed = 5,
                Device = device(Gpu.Name),
            },
            1e-12,
            1e-10
        );

    [Fact]
    public void Nothing_reaches_another_document()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new SmallDeclared(
            new ModelOptions
            {
                DataType = ScalarType.Float64,
                Seed = 2,
                Guided = false,
            }
        );
        var tokens = randint(0, 512, [1, 24], ScalarType.Int64);
        using var documents = new PackedDocuments(
            [
                [0, 7, 15],
            ],
            24
        );
        var before = model.HiddenPacked(tokens, documents);
        tokens[0, 10] = (tokens[0, 10] + 1) % 512;
        var after = model.HiddenPacked(tokens, documents);
        var changed = (before - after).abs().sum(2)[0].ne(0).data<bool>().ToArray();
        Assert.Equal(Enumerable.Range(0, 24).Select(token => token is >= 10 and < 15), changed);
    }

    [Theory]
    [InlineData("first document of row 1", 8, "0", "1 4")]
    [InlineData("Document 1 of row 0 would reach from 4 to 4", 8, "0 4 4")]
    [InlineData("Document 0 of row 0 would reach from 0 to 9", 8, "0 9")]
    [InlineData("Document 1 of row 0 would reach from 8 to 8", 8, "0 8")]
    public void Starts_that_are_none_are_refused(string message, int sequence, params string[] rows)
    {
        int[][] starts = [.. rows.Select(row => row.Split(' ').Select(int.Parse).ToArray())];
        Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => new PackedDocuments(starts, sequence)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Ids_of_another_shape_are_refused()
    {
        using var model = new SmallDeclared(new ModelOptions { Initialize = false });
        using var documents = new PackedDocuments(
            [
                [0, 4],
            ],
            8
        );
        using var tokens = zeros(2, 8, ScalarType.Int64);
        Assert.Contains(
            "of 1 rows of 8 tokens, and the ids are [2, 8]",
            Assert.Throws<ArgumentException>(() => model.HiddenPacked(tokens, documents)).Message,
            StringComparison.Ordinal
        );
    }

    private static void Check(string name, ModelOptions options, double tolerance, double gradientTolerance)
    {
        using var scope = NewDisposeScope();
        var entry = ModelCatalog.Models.Single(model => model.Name == name);
        using var model = entry.Create(options);
        using (no_grad())
        {
            using var generator = new TorchSharp.torch.Generator(11);
            foreach (var (_, parameter) in model.named_parameters())
                parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator).to(parameter.device), 0.05);
        }

        manual_seed(3);
        var tokens = randint(0, model.Vocabulary, [Starts.Length, Length], ScalarType.Int64).to(options.Device);
        using var documents = new PackedDocuments(Starts, Length);
        Tensor expected;
        Tensor upstream;
        using (var step = model.BeginStep(6, 20))
        {
            expected = documents.OneByOne(tokens, document => model.Hidden(document));
            upstream = randn(expected.shape, expected.dtype).to(options.Device);
            expected.backward([upstream]);
            step.Update(() => { });
        }

        var alone = RecordedPassTests.Take(model);
        using var again = model.BeginStep(6, 20);
        Near(expected, model.HiddenPacked(tokens, documents), tolerance);
        using var noGradient = no_grad();
        again.Tape.Documents = documents;
        Near(expected, model.Record(tokens, again.Tape), tolerance);
        model.Backward(upstream, again.Tape);
        Assert.Equal(0, again.Tape.Count);
        again.Update(() => { });
        RecordedPassTests.Compare(alone, RecordedPassTests.Take(model), gradientTolerance);
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance)
    {
        using var scope = NewDisposeScope();
        Assert.True(allclose(expected.to(ScalarType.Float64), actual.to(ScalarType.Float64), tolerance, tolerance));
    }
}
