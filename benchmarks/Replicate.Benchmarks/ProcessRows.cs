using static Replicate.Benchmarks.GeneratedRepository;

namespace Replicate.Benchmarks;

/// <summary>The rows of the table of whole processes.</summary>
internal static class ProcessRows
{
    private const int MB = 1 << 20;
    private const string NoIndex = "rm -rf \"$XDG_CACHE_HOME\"";
    private const string OtherCompletion = "$null = TabExpansion2 'Get-Item -Pat'";
    private const string BestLosses = "ls --json --filter 'loss<0.2' --sort loss";

    private static readonly Sample Thousand = Sample.Experiments(1_000, 10);
    private static readonly Sample TenThousand = Sample.Experiments(10_000, 10);
    private static readonly Sample HundredThousand = Sample.Experiments(100_000, 10);
    private static readonly Sample Texts = Sample.ManyFiles("texts", 200, MB, SampleFiles.Lines);
    private static readonly Sample Random = Sample.OneFile("random", 200, SampleFiles.Bytes);
    private static readonly Sample Weights = Sample.OneFile("weights", 200, SampleFiles.Floats);
    private static readonly Sample Text = Sample.OneFile("text", 200, SampleFiles.Lines);
    private static readonly Sample Small = Sample.ManyFiles("small", 10_000, 4096, SampleFiles.Lines);
    private static readonly Sample Gigabyte = Sample.ManyFiles("randoms", 1_000, MB, SampleFiles.Bytes);

    /// <summary>All rows, in the order of the table.</summary>
    public static IReadOnlyList<ProcessRow> All { get; } =
    [
        new("`ls` of 10,000, first", TenThousand, "replicate ls") { Before = NoIndex, Beside = [Original("ls", "0.25")] },
        new("`ls` of 10,000, second", TenThousand, "replicate ls")
        {
            Setup = OtherStores,
            Beside = [Original("ls", "0.10"), new("`sqlite3`", $"sqlite3 -box other.sqlite \"{SqlList}\""), new("reading MLflow's file store", "find mlruns -type f -exec cat {} +")],
        },
        new("`ls` of 1,000, first", Thousand, "replicate ls") { Before = NoIndex, Beside = [Original("ls", "0.4")] },
        new("`ls` of 1,000, second", Thousand, "replicate ls") { Beside = [Original("ls", "0.25, 0.8 x memory")] },
        new("`show` one of 10,000, full id", TenThousand, $"replicate show {NewestId}") { Beside = [Original($"show {NewestId}", "0.03")] },
        new("`show` one of 10,000, 10 digits", TenThousand, $"replicate show {NewestId[..10]}") { Beside = [Original($"show {NewestId[..10]}", "0.05")] },
        new($"`{BestLosses}` of 10,000", TenThousand, $"replicate {BestLosses}") { Beside = [Original(BestLosses, "0.12")] },
        new("`--version`", Sample.Empty, "replicate --version") { Beside = [Original("--version", "1.5"), new("`true`, an empty program", "/bin/true")] },
        new("`Import-Module`, `Get-ReplicateExperiment` of nothing", Sample.Empty, InModule("Get-ReplicateExperiment"))
        {
            Beside = [new("bare `pwsh`", InShell("$null"), "0.090 s", IsPart: true)],
        },
        new("an experiment with 300 metadata-only checkpoints", Sample.Empty, InModule(
            "$e = New-ReplicateExperiment; foreach ($i in 1..300) { $e | Add-ReplicateCheckpoint -Step $i -Metrics @{ loss = 1 / $i } -PrimaryMetric loss }; $e | Stop-ReplicateExperiment"))
        {
            Before = NoRepository, Beside = [new("original", "$save '' 300", "0.45")],
        },
        Save("200 files of 1 MB of text", Texts, "0.75"),
        Save("200 MB of random bytes", Random, "0.8"),
        Save("200 MB of weights", Weights, ""),
        Save("10,000 files of 4 KB", Small, ""),
        CheckOut("200 MB of random bytes", Random, SaveWithOurs, "0.9"),
        CheckOut("200 MB of random bytes, the original's archive", Random, SaveWithOriginal, "0.9"),
        CheckOut("200 MB of text", Text, SaveWithOurs, "0.45"),
        CheckOut("200 MB of text, the original's archive", Text, SaveWithOriginal, "0.6"),
        new("check out one file of 1,000 of 1 MB", Gigabyte, "read id < id; replicate checkout $id --path data/00500 -o out")
        {
            Setup = SaveWithOurs, Before = NoCopies, Beside = [new("original", "read id < id; $original checkout $id --path data/00500 -f -o theirs")],
        },
        new("`ls` of 100,000 experiments, second", HundredThousand, "replicate ls") { Aim = "1.2 s, 300 MiB" },
        new("`show` an experiment of 100,000 checkpoints", Sample.Experiments(1, 100_000), $"replicate show {NewestId}") { Aim = "0.5 s" },
        new("complete the id of one of 100,000", HundredThousand, InModule(
            $"{OtherCompletion}; if ((TabExpansion2 'Get-ReplicateExperiment {NewestId[..5]}').CompletionMatches.Count -ne 1) {{ throw 'Nothing is completed.' }}"))
        {
            Setup = "replicate ls", Beside = [new("complete `Get-Item -Pat`", InModule(OtherCompletion), "0.200 s", IsPart: true)],
        },
        new("`Export-ReplicateReport` of 1,000 experiments of 1,000 checkpoints", Sample.Experiments(1_000, 1_000), InModule("Export-ReplicateReport out.html"))
        {
            Beside = [new("bare `pwsh`", InShell("$null"), "3 s", IsPart: true)],
        },
        Large("save 5 GB of random bytes", SampleFiles.Bytes, Saved),
        Large("check out 5 GB of random bytes", SampleFiles.Bytes, CheckedOut),
        Large("save 5 GB of text", SampleFiles.Lines, Saved),
    ];

    private const string NoRepository = "rm -rf .replicate out theirs* && mkdir theirs";
    private const string NoCopies = "rm -rf out theirs && mkdir theirs";
    private const string Saved = "replicate run --path data -- true";
    private const string CheckedOut = "read id < id; replicate checkout $id -o out";
    private const string SaveWithOurs = $"{NoRepository} && {Saved} && replicate ls -q > id";
    private const string SaveWithOriginal = $"{NoRepository} && $save data 0 && replicate ls -q > id";

    /// <summary>
    /// The same experiments in two other stores: tables as one would lay them out, and a directory of runs as MLflow documents it,
    /// a file for each param and metric.
    /// </summary>
    private const string OtherStores = """
        [ -d mlruns ] || sqlite3 other.sqlite <<'SQL'
        create table source as select readfile(name) as data from fsdir('.replicate/metadata/experiments') where name like '%.json';
        create table experiments as select data ->> 'id' as id, data ->> 'created' as created, data ->> 'user' as user, data ->> 'command' as command from source;
        create table params as select data ->> 'id' as experiment, p.key as name, p.value as value from source, json_each(data, '$.params') p;
        create table checkpoints as select c.value ->> 'id' as id, data ->> 'id' as experiment, c.value ->> 'step' as step, c.value ->> 'created' as created
          from source, json_each(data, '$.checkpoints') c;
        create table metrics as select c.value ->> 'id' as checkpoint, m.key as name, m.value as value
          from source, json_each(data, '$.checkpoints') c, json_each(c.value, '$.metrics') m;
        drop table source;
        create index experiments_created on experiments (created);
        create index params_experiment on params (experiment);
        create index checkpoints_experiment on checkpoints (experiment, step);
        create index metrics_checkpoint on metrics (checkpoint, name, value);
        .output /dev/null
        select writefile('mlruns/0/' || id || '/meta.yaml', 'artifact_uri: ./mlruns/0/' || id || '/artifacts' || char(10) || 'end_time: 1767225600000' || char(10)
          || 'experiment_id: ''0''' || char(10) || 'lifecycle_stage: active' || char(10) || 'run_id: ' || id || char(10) || 'start_time: 1767225600000' || char(10)
          || 'status: 3' || char(10) || 'user_id: ' || user || char(10)),
          writefile('mlruns/0/' || id || '/tags/mlflow.user', user), writefile('mlruns/0/' || id || '/tags/mlflow.source.name', command) from experiments;
        select writefile('mlruns/0/' || experiment || '/params/' || name, value) from params;
        select writefile('mlruns/0/' || c.experiment || '/metrics/' || m.name, group_concat('1767225600000 ' || m.value || ' ' || c.step, char(10)))
          from metrics m join checkpoints c on c.id = m.checkpoint group by c.experiment, m.name;
        SQL
        """;

    /// <summary>What a list shows: params, the latest checkpoint, the best.</summary>
    private const string SqlList = """
        select substr(e.id, 1, 7), e.created, e.user, (select group_concat(name || '=' || value) from params where experiment = e.id) as params,
          l.step, (select value from metrics where checkpoint = l.id and name = 'loss') as loss, (select value from metrics where checkpoint = l.id and name = 'accuracy') as accuracy,
          b.step as best, min(m.value) as least
        from experiments e join checkpoints l on l.experiment = e.id and l.step = (select max(step) from checkpoints where experiment = e.id)
          join checkpoints b on b.experiment = e.id join metrics m on m.checkpoint = b.id and m.name = 'loss'
        group by e.id order by e.created
        """;

    private static Peer Original(string arguments, string aim) => new("original", "$original " + arguments, aim);

    private static string InShell(string script) => $"pwsh -NoProfile -NonInteractive -Command '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string InModule(string script) => InShell("$ErrorActionPreference = 'Stop'; Import-Module $env:module; " + script);

    private static ProcessRow Save(string what, Sample sample, string aim) => new("save " + what, sample, Saved)
    {
        Before = NoRepository,
        Beside =
        [
            new("original", "$save data 0", aim),
            new("`cp`", "cp -r data theirs"),
            new("`sha256sum`, `cp`, as `dvc add` does", "find data -type f -exec sha256sum {} + && cp -r data theirs"),
            new("`tar` into `pigz`", "tar c data | pigz -p2 > theirs.tar.gz"),
            new("`tar` into `zstd -1`", "tar c data | zstd -q -1 -T2 > theirs.tar.zst"),
        ],
    };

    private static ProcessRow CheckOut(string what, Sample sample, string setup, string aim) => new("check out " + what, sample, CheckedOut)
    {
        Setup = setup + " && { command -v zstd > /dev/null || exit 0; tar c data | zstd -q -1 -T2 > data.tar.zst; }",
        Before = NoCopies,
        Beside =
        [
            new("original", "read id < id; $original checkout $id -f -o theirs", aim),
            new("`cp`", "cp -r data theirs"),
            new("`pigz` into `tar`", "command -v pigz > /dev/null || exit 127; read id < id; pigz -dc .replicate/experiments/$id.tar.gz | tar x -C theirs"),
            new("`zstd` into `tar`", "command -v zstd > /dev/null || exit 127; zstd -dc data.tar.zst | tar x -C theirs"),
        ],
    };

    private static ProcessRow Large(string work, Action<Random, byte[]> fill, string ours) => new(work, Sample.OneFile(fill.Method.Name, 5 * 1024, fill), ours)
    {
        Setup = ours == CheckedOut ? SaveWithOurs : "", Before = ours == CheckedOut ? NoCopies : NoRepository, Aim = "200 MiB",
    };
}
