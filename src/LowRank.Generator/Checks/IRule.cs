namespace LowRank.Generator.Checks;

/// <summary>
/// One rule of the language, about the smallest thing that it can be said of: a class, a property, one <c>[LowRank]</c>, a number. Rules do
/// not know of one another: all of them run, and all report.
/// </summary>
/// <typeparam name="TSubject">What the rule is about.</typeparam>
internal interface IRule<in TSubject>
{
    IEnumerable<Finding> Check(TSubject subject);
}
