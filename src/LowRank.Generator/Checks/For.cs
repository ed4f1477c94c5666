namespace LowRank.Generator.Checks;

/// <summary>Makes rules about something of rules about its parts.</summary>
/// <typeparam name="TSubject">What has the parts.</typeparam>
internal static class For<TSubject>
{
    /// <summary>Goes through the parts in order and holds each to all of the rules before the next.</summary>
    public static IRule<TSubject> Each<TPart>(Func<TSubject, IEnumerable<TPart>> parts, params IRule<TPart>[] rules) =>
        new EachRule<TPart>(parts, rules);

    private sealed class EachRule<TPart>(Func<TSubject, IEnumerable<TPart>> parts, IRule<TPart>[] rules) : IRule<TSubject>
    {
        public IEnumerable<Finding> Check(TSubject subject) =>
            parts(subject).SelectMany(part => rules.SelectMany(rule => rule.Check(part)));
    }
}
