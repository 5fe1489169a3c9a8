using System.Reflection;
using System.Text.Json;
using Replicate.Presentation;
using Replicate.Queries;
using Replicate.Reports;
using Replicate.Tests.Queries;
using Replicate.Tests.Support;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Reports;

/// <summary>The page reads filters and orders by itself: what it makes of them is compared with what the engine does.</summary>
public class ReportQueryTests(TestBrowser browser)
{
    private static readonly string[] Names =
    [
        "lr", "one", "big", "max", "nan", "inf", "opt", "digits", "yes", "none", "empty", "list", "object", "missing", "loss", "metrics.loss",
        "params.loss", "metrics.lr", "PARAMS.lr", "step", "Status", "tag", "TAGS", "note", "parent", "user", "\"key=odd\"", "__proto__", "constructor",
    ];

    private static readonly string[] Values =
    [
        "0.1", "1", "-0", "+1", "1.", ".5", "1e400", "9007199254740993", "9007199254740992.0", "18446744073709551615", "18446744073709551616",
        "-9223372036854775809", "NaN", "-nan", "inf", "+-Inf", "Infinity", "∞", "true", "FALSE", "null", "None", "none", "adam", "\"123\"", "123", "''",
        "[1, 2.5, \"x\", null, true]", "[1,2.5,\"x\",null,true] ", "{\"b\":[1],\"a\":1}", "{\"a\":1}", "[NaN]", "[\"[NaN]\"]", "[1,", "{}", "stopped", "Failed",
        "baseline", "a, b", "é", "1_000", "0x10", "1e", "\u00a0x\u00a0", "[9007199254740993]", "{\"__proto__\":1}",
    ];

    private static readonly string[] Dates =
    [
        "2026-11-21", "2026/11/21", "11/21/2026", "2026-11/21", "2026-1-1", "2026-02-29", "2028-02-29", "0000-01-01", "0050-01-01", "2026-11-21 8:30",
        "2026-11-21 08:30", "2026-11-21T08:30Z", "2026-11-21t08:30Z", "2026-11-21T08:30:17Z", "2026-11-21T08:30:17.Z", "2026-11-21T08:30:17.7Z",
        "2026-11-21T08:30:17.7852321Z", "2026-11-21T08:30:17.785232167Z", "2026-11-21T10:30:17+02:00", "2026-11-21T10:30:17+0200",
        "2026-11-21T10:30:17+2:00", "2026-11-21T10:30:17+02", "2026-11-21T10:30:17+15:00", "2026-11-21T10:30:17-14:00", "2026-11-21T24:00", "2026-11-21T08:60",
        "2026-11-21T8:3", "9999-12-31", "9999-12-31T23:59:59.9999999Z", "0001-01-02", "yesterday", "1.5", "null", "\"2026-11-21\"", "'2026-11-21' x",
    ];

    private static readonly Experiment[] Experiments =
    [
        FilterTests.Everything,
        .. SortOrderTests.All,
        At("2026-11-21T08:30:17.785232167Z", null), At("2026-11-21T08:30:17Z", ExperimentStatus.Failed, "baseline", "a, b"),
        At("2026-11-21T08:30:00Z", ExperimentStatus.Completed, "b"), At("0050-01-01T12:00:00Z", null), At("2026-11-21T23:59:59.999999999Z", null),
        Experiment("e2", new { loss = 3 }, running: true, checkpoints: [Checkpoint("c1", 0, new { loss = (object?)null }), Checkpoint("c2", 1, new { other = 1 })]),
        Experiment("e3", new Dictionary<string, object?> { ["metrics.loss"] = 7, ["__proto__"] = 1, ["\ue000"] = 1, ["\ud83d\ude00"] = 2 },
            checkpoints: [Checkpoint("d1", 0, new { loss = 1.5 }, "loss"), Checkpoint("d2", 3, new { loss = 2 }, "loss")]),
    ];

    [Fact]
    public async Task Filters_and_orders_mean_in_the_page_what_they_mean_in_the_engine()
    {
        string[] filters =
        [
            .. Written(typeof(FilterTests)), .. Written(typeof(DateFilterTests)), .. Written(typeof(FilterErrorTests)),
            .. from name in Names
               from sign in new[] { "=", "!=", "<", "<=", ">", ">=" }
               from value in Values
               select $"{name} {sign} {value}",
            .. from sign in new[] { "=", "<", ">" }
               from value in Dates
               select $"created {sign} {value}",
            "a <> 1", "a => 1", "a =! 1", "!= 1", "", "a", "a =", "\"a = 1", "a = \"x", "a!b = 1", "a! = 1", "\u0085one\u00a0=\u20001",
        ];
        string[] orders = [.. Written(typeof(SortOrderTests)), .. Names.SelectMany(name => new[] { name, $"{name}-desc", $"{name} -ASC" }), "x", "x-desc", "-desc-desc", "\"\"", "'x'-up"];
        using var directory = new TemporaryDirectory();
        await using (var file = File.Create(directory.Combine("page.html")))
        {
            await PageOf(filters, orders).WriteAsync(file, TestContext.Current.CancellationToken);
        }

        await using var page = await browser.OpenAsync(directory.Combine("page.html"));
        await page.WaitForAsync("window.answers");
        Assert.Empty(await page.ProblemsAsync());
        var answers = await page.EvaluateAsync<Answers>("answers");
        Assert.Equal(filters.Length, answers.filters.Length);
        Assert.All(filters.Zip(answers.filters), pair => Assert.Equal($"{pair.First} → {Answer(pair.First)}", $"{pair.First} → {pair.Second}"));
        Assert.All(orders.Zip(answers.orders), pair => Assert.Equal($"{pair.First} → {Order(pair.First)}", $"{pair.First} → {pair.Second}"));
    }

    /// <summary>Which experiments fulfil the condition, as digits; otherwise what is wrong with it.</summary>
    private static string Answer(string filter)
    {
        try
        {
            var parsed = Filter.Parse(filter);
            return string.Concat(Experiments.Select(experiment => parsed.Matches(experiment) ? '1' : '0'));
        }
        catch (ReplicateException error)
        {
            return error.InnerException!.Message;
        }
    }

    private static string Order(string order)
    {
        try
        {
            return string.Join(' ', SortOrder.Parse(order).Sort(Experiments).Select(experiment => Array.IndexOf(Experiments, experiment)));
        }
        catch (ReplicateException error)
        {
            return error.InnerException!.Message;
        }
    }

    private static HtmlPage PageOf(string[] filters, string[] orders) => new()
    {
        Title = "Queries",
        Data =
        [
            new("data", new ReportData(Experiments, new ReportOptions(), null, new SavedTexts(), new SavedLogs(), []).WriteAsync),
            new("queries", async (stream, token) =>
            {
                var json = new JsonTextWriter(indent: 0);
                json.Value(Value.From("queries", new object[] { filters, orders }));
                await json.FlushToAsync(stream, token);
            }),
        ],
        Scripts =
        [
            string.Concat(new[] { "values.js", "dates.js", "query.js", "data.js" }.Select(Report.ReadScript)) + """
                const told = (what) => { try { return what(); } catch (error) { return error.message; } };
                readReport().then(({ runs }) => {
                  const [filters, orders] = JSON.parse(document.getElementById('queries').textContent);
                  window.answers = {
                    filters: filters.map((filter) => told(() => runs.map(parseFilter(filter)).map(Number).join(''))),
                    orders: orders.map((order) => told(() => parseSort(order).sort(runs).map((run) => runs.indexOf(run)).join(' '))),
                  };
                });
                """,
        ],
    };

    /// <summary>The first argument of every case of a class of tests.</summary>
    private static IEnumerable<string> Written(Type tests) => tests.GetMethods()
        .SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>())
        .Select(attribute => attribute.Data[0]).OfType<string>();

    private static Experiment At(string created, ExperimentStatus? status, params string[] tags) => new(
        null!,
        new ExperimentMetadata
        {
            Id = $"at {created} {status}", Created = Timestamp.TryParse(created, out var at) ? at : throw new FormatException(created),
            Extension = new ExperimentExtension
            {
                Status = status, Tags = TagList.From(tags.SelectMany(tag => tag.Split(", "))), Note = status is null ? "" : "a note",
                Parent = status is null ? "" : "e1",
            },
        },
        null);

    private sealed record Answers(string[] filters, string[] orders);
}
