using System.Globalization;
using System.Text;
using Replicate.Reports;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

public class ReportSizeTests
{
    private const int Files = 10;
    private const int FileLength = 5 * 1024;

    [Fact]
    public async Task Two_hundred_experiments_of_a_hundred_checkpoints_with_code_are_below_3_MB()
    {
        using var test = new TestProject();
        var experiments = new List<Experiment>();
        foreach (var (sample, index) in ReportSample.Generated(200, 100).Select((sample, index) => (sample, index)))
        {
            // 50 KB of code, of which 5 % are this run's alone.
            for (var file = 0; file < Files; file++)
            {
                var own = Code($"run {index} file {file}", FileLength / 20);
                test.Directory.Write(FormattableString.Invariant($"code/module{file}.py"), Code($"file {file}", FileLength - own.Length) + own);
            }

            var saved = await test.CreateAsync(path: "code");
            experiments.Add(new Experiment(
                test.Project, saved.Metadata with { Params = sample.Params, Checkpoints = sample.Checkpoints }, heartbeat: null));
        }

        var page = new FileInfo(await ReportSample.WriteAsync(test.Directory, experiments));
        Assert.InRange(page.Length, 1_000_000, 3_000_000);
    }

    /// <summary>Text as varied as code is.</summary>
    private static string Code(string seed, int length)
    {
        var random = new Random(seed.Sum(c => c * 31));
        string[] words = ["def", "return", "self", "model", "loss", "batch", "optimizer", "for", "in", "range", "if", "else", "import", "torch", "size", "weights"];
        var code = new StringBuilder();
        while (code.Length < length)
        {
            code.Append("    ").Append(words[random.Next(words.Length)]).Append('_')
                .Append(random.Next(1000).ToString(CultureInfo.InvariantCulture)).Append(" = ")
                .Append(words[random.Next(words.Length)]).Append('(').Append(words[random.Next(words.Length)]).Append(")\n");
        }

        return code.ToString(0, length);
    }
}
