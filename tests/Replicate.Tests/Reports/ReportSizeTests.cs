using System.Globalization;
using System.Text;
using Replicate.Tests.Archives;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

public class ReportSizeTests
{
    private const int CodeLength = 50 * 1024;
    private const int OwnLine = 20;

    [Fact]
    public async Task A_hundred_experiments_of_a_hundred_checkpoints_with_code_are_below_2_MB()
    {
        using var test = new TestProject();
        var experiments = new List<Experiment>();
        var shared = Lines(new Random(1)).Take(CodeLength / 27).ToArray();
        foreach (var (sample, index) in ReportSample.Generated(100, 100).Select((sample, index) => (sample, index)))
        {
            // Of the code 95 % is shared with the others: each twentieth line is this run's alone.
            var own = Lines(new Random(index + 2)).GetEnumerator();
            test.Directory.Write("code/train.py", string.Join('\n', shared.Select((line, i) => i % OwnLine == 0 && own.MoveNext() ? own.Current : line)));
            var tarball = test.Directory.Write($".replicate/experiments/{sample.Id}.tar.gz", "");
            await File.WriteAllBytesAsync(tarball, await Archive.SaveAsync(test.Directory, "code", sample.Id), Archive.Token);
            experiments.Add(new Experiment(test.Project, sample.Metadata with { Path = "code" }, heartbeat: null));
        }

        Assert.InRange(new FileInfo(test.Directory.Combine("code/train.py")).Length, CodeLength * 0.9, CodeLength * 1.2);
        var page = new FileInfo(await ReportSample.WriteAsync(test.Directory, experiments));
        Assert.InRange(page.Length, 500_000, 2_000_000);
    }

    /// <summary>Lines about as varied as those of code are.</summary>
    private static IEnumerable<string> Lines(Random random)
    {
        string[] words = ["def", "return", "self", "model", "loss", "batch", "optimizer", "for", "in", "range", "if", "else", "torch", "size", "weights"];
        while (true)
        {
            yield return new StringBuilder("    ").Append(words[random.Next(words.Length)]).Append('_')
                .Append(random.Next(1000).ToString(CultureInfo.InvariantCulture)).Append(" = ")
                .Append(words[random.Next(words.Length)]).Append('(').Append(words[random.Next(words.Length)]).Append(')').ToString();
        }
    }
}
