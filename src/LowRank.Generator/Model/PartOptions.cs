namespace LowRank.Generator.Model;

/// <summary>What <c>[Part]</c> says on a sublayer of a transformer, and of what class.</summary>
/// <param name="Type">The class, fully qualified; null where the attribute names none.</param>
/// <param name="Name">The class as it is called in messages.</param>
/// <param name="Body">What it consists of; null where it is no <c>[Module]</c>.</param>
/// <param name="Obstacle">Why no block can run it, in words; null where one can.</param>
/// <param name="IsRecurrent">Whether it keeps a state of fixed size while generating.</param>
/// <param name="Layers">The blocks that have it, as written.</param>
/// <param name="HasCount">Whether a count is written, which means nothing here.</param>
internal sealed record PartOptions(
    string? Type,
    string Name,
    ModuleBody? Body,
    string? Obstacle,
    bool IsRecurrent,
    string? Layers = "..",
    bool HasCount = false
)
{
    /// <summary>Its linear layers and those of its parts, one for each copy, with the low rank that it declares.</summary>
    public IEnumerable<LinearModel> Linears => Body is null ? [] : LinearsOf(Body);

    /// <summary>Parameters beside those of the linear layers: norms, embeddings, and what the class registers itself.</summary>
    /// <exception cref="OverflowException">They are too many.</exception>
    public long OtherParameters => Body is null ? 0 : Sum(Body, body => Others(body));

    /// <summary>Parameters that the classes register themselves.</summary>
    public long OwnParameters => Body is null ? 0 : Sum(Body, body => body.Own.Parameters ?? 0);

    /// <summary>Forward FLOPs per token beside the linear layers, as far as declared.</summary>
    public long OwnFlopsPerToken => Body is null ? 0 : Sum(Body, body => body.Own.FlopsPerRow ?? 0);

    /// <summary>Numbers per token kept within <c>forward</c>; null where a class declares none.</summary>
    public long? KeptPerToken =>
        Body is null || !All(Body, body => body.Own.KeptPerRow is not null) ? null : Sum(Body, body => body.Own.KeptPerRow ?? 0);

    /// <summary>Numbers kept for a sequence while generating, as far as declared.</summary>
    public long StateSize => Body is null ? 0 : Sum(Body, body => body.Own.StateSize ?? 0);

    /// <summary>What the declaration leaves open, in words; empty where it says all.</summary>
    public IEnumerable<string> Unknown
    {
        get
        {
            if (Body is null)
                yield break;
            if (!All(Body, body => body.Own.FlopsPerRow is not null))
                yield return "the FLOPs of its forward beside linear layers";
            if (KeptPerToken is null)
                yield return "the activations that autograd keeps";
            if (IsRecurrent && Body.Own.StateSize is null)
                yield return "the state that it keeps while generating";
        }
    }

    /// <summary>The linear layers of a module and its parts, one for each copy.</summary>
    public static IEnumerable<LinearModel> LinearsOf(ModuleBody body, string prefix = "")
    {
        foreach (var member in body.Members)
        {
            for (var copy = 0; copy < member.Copies; copy++)
            {
                if (member.Kind == MemberKind.Linear)
                    yield return body.LinearOf(member) with
                    {
                        Name = prefix + member.Name,
                    };
                else if (member is { Kind: MemberKind.Part, Part: { } part })
                {
                    foreach (var linear in LinearsOf(part, $"{prefix}{member.Name}."))
                        yield return linear;
                }
            }
        }
    }

    private static long Others(ModuleBody body) =>
        checked((body.Own.Parameters ?? 0) + body.Members.Sum(member => checked(member.Copies * member.TableParameters)));

    private static long Sum(ModuleBody body, Func<ModuleBody, long> own) =>
        checked(
            own(body)
            + body.Members.Where(member => member is { Kind: MemberKind.Part, Part: not null })
                .Sum(member => checked(member.Copies * Sum(member.Part!, own)))
        );

    private static bool All(ModuleBody body, Func<ModuleBody, bool> holds) =>
        holds(body) && body.Members.All(member => member.Part is not { } part || All(part, holds));
}
