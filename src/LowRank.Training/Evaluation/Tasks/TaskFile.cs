using System.Globalization;
using LowRank.Training.Documents;
using LowRank.Training.Files;
using LowRank.Training.Json;

namespace LowRank.Training.Evaluation.Tasks;

/// <summary>A task's file: one JSON object a line, of one form throughout.</summary>
internal sealed class TaskFile : IDisposable
{
    private const long LargestLine = 16 << 20;

    private readonly string path;
    private readonly FileStream stream;
    private readonly LineReader lines;
    private TaskForm? form;

    private TaskFile(string path, TaskForm? form, FileStream stream, CancellationToken stop)
    {
        (this.path, this.form, this.stream) = (path, form, stream);
        lines = new LineReader(stream, path, cancellation: stop) { LargestLine = LargestLine };
    }

    /// <summary>The form: the one that was asked for, or that of the first record.</summary>
    public TaskForm Form => form ?? throw Empty();

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">Its form; null for that of its first record.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="InputException">It can't be opened.</exception>
    public static TaskFile Open(string path, TaskForm? form, CancellationToken stop)
    {
        try
        {
            SpecialFile.Refuse(path);
            return new TaskFile(path, form, File.OpenRead(path), stop);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"The task '{path}' cannot be read: {exception.Message.TrimEnd('.')}; name a file of JSON lines.");
        }
    }

    /// <summary>Some more questions; none at the end.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="choices">At how many choices of all of them it is enough.</param>
    /// <exception cref="InputException">A line is no record of the form; file, line and key are named.</exception>
    public List<TaskDocument> Read(int most, int choices = int.MaxValue)
    {
        var documents = new List<TaskDocument>();
        try
        {
            while (documents.Count < most && choices > 0 && lines.TryRead(out var line))
            {
                if (line.Trim(" \t"u8).IsEmpty)
                    continue;
                var record = Record(line);
                form ??= TaskFormNames.Of(record) ?? throw Unknown(record);
                documents.Add(TaskRecords.Read(form.Value, record));
                choices -= documents[^1].Requests.Count;
            }
        }
        catch (IOException exception)
        {
            throw new InputException($"The task '{path}' cannot be read: {exception.Message}");
        }

        return documents;
    }

    /// <summary>Says that there is nothing in the file.</summary>
    public InputException Empty() => new($"The task '{path}' holds no record; it has one JSON object a line.");

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private JsonPlace Record(ReadOnlySpan<byte> line)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{path}, line {lines.Line}");
        JsonPlace record;
        try
        {
            record = Json.JsonFile.Parse(line, place);
        }
        catch (WrongJsonException exception)
        {
            // It counts lines within the line.
            throw new WrongJsonException(place, exception.What.Replace("not JSON in line 1", "not JSON", StringComparison.Ordinal));
        }

        return record.IsObject ? record : throw new WrongJsonException(place, "the line must be a JSON object, the record of a question");
    }

    private static WrongJsonException Unknown(JsonPlace record) =>
        new(
            record.File,
            $"the record is of none of the forms {TaskFormNames.All}, by its keys {ShownText.List([.. record.Members().Select(member => member.Key)])}; name its form"
        );
}
