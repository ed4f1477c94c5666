namespace LowRank.Training.Documents;

/// <summary>How documents stand in a file.</summary>
internal enum TextFormat
{
    Plain,
    JsonLines,
    Json,
    Table,
    Parquet,
    WebArchive,
}
