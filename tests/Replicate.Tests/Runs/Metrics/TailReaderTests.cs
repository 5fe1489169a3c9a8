using System.Text;
using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Metrics;

public sealed class TailReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringBuilder _read = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_while_it_reads_is_read_once()
    {
        var path = _directory.Write("log", "1\n");
        using var tail = new TailReader(path, Take, _ => _read.Append("from its start: "));

        tail.Poll();
        tail.Poll();

        Assert.Equal("1\n2\n", _read.ToString());

        void Take(ReadOnlySpan<byte> bytes)
        {
            if (_read.Length == 0)
            {
                File.AppendAllText(path, "2\n");
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(1));
            }

            _read.Append(Encoding.UTF8.GetString(bytes));
        }
    }

    [Fact]
    public void A_file_of_the_same_length_that_was_written_anew_is_read_from_its_start()
    {
        var path = _directory.Write("log", "1\n");
        using var tail = new TailReader(path, bytes => _read.Append(Encoding.UTF8.GetString(bytes)), isOther => _read.Append(isOther ? "another: " : "again: "));

        tail.Poll();
        File.WriteAllText(path, "2\n");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(1));
        tail.Poll();

        Assert.Equal("1\nagain: 2\n", _read.ToString());
    }
}
