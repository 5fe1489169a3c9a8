using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Replicate.Reliability.Fuzzing;

/// <summary>Inputs that follow a grammar but for their values, made by FsCheck.</summary>
internal static class Structured
{
    private static readonly string[] Texts =
    [
        "", "a", "loss", "null", "None", "[NaN]", "NaN", "true", "1", "model.pth", ".", "..", "/etc/passwd", "a/../b", "\\u0000", "\\ud800",
        "\\u001b[31m", "\\n", "<script>", "日本", "e\u0301", "\u202e", "C:", "CON", "2020-09-01T21:42:22Z", "9999-12-31T23:59:59.999999999Z",
        "0001-01-01T00:00:00+14:00", "minimize", "maximize", new string('x', 5000),
    ];

    private static readonly Gen<string> Text = Gen.Elements(Texts).Select(text => $"\"{text}\"");

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Elements("0", "-0", "1e308", "1e999", "-1e-400", "18446744073709551615", "18446744073709551616", "9223372036854775808", "0.1"),
        Integer());

    private static readonly Gen<string> Scalar = Gen.OneOf(Text, Number, Gen.Elements("null", "true", "false"));

    private static readonly Gen<string> NoJson = Gen.Elements("NaN", "01", "1.", "'a'", "", "{", "]", "undefined");

    /// <summary>Any JSON, not much nested.</summary>
    private static readonly Gen<string> Json = JsonOf(3);

    /// <summary>The metadata of an experiment, each key with a value of its kind most of the time.</summary>
    public static readonly Gen<string> Experiment =
        from id in Usually(Gen.Elements("\"good\"", "\"0123456789abcdef\""))
        from created in Usually(Date())
        from parameters in Usually(Map())
        from path in Usually(Text)
        from command in Usually(Text)
        from checkpoints in Usually(Checkpoint().ListOf().Select(List))
        from extension in Gen.OneOf(Gen.Constant("null"), Extension())
        from version in Gen.Elements("keepsake_version", "replicate_version", "other")
        select $$"""
            {"id": {{id}}, "created": {{created}}, "params": {{parameters}}, "host": "", "user": "ben", "config": {"repository": "x", "storage": ""},
            "command": {{command}}, "path": {{path}}, "python_version": "3", "python_packages": {"a": {{command}}}, "checkpoints": {{checkpoints}},
            "{{version}}": "0.4.2", "powershell": {{extension}}}
            """;

    /// <summary>A heartbeat.</summary>
    public static readonly Gen<string> Heartbeat =
        from id in Usually(Gen.Elements("\"good\"", "\"0123456789abcdef\""))
        from last in Usually(Date())
        from extension in Gen.OneOf(Gen.Constant("{\"beater\": \"b\"}"), Json)
        select $$"""{"experiment_id": {{id}}, "last_heartbeat": {{last}}, "powershell": {{extension}}}""";

    /// <summary>A specification.</summary>
    public static readonly Gen<string> Specification = Usually(Number).Select(version => $$"""{"version": {{version}}}""");

    /// <summary>A configuration file.</summary>
    public static readonly Gen<string> Yaml =
        from lines in Gen.Elements(
            "repository: file://.replicate", "repository: 's3://a:b@bucket'", "storage: /x", "metrics:", "  - name: loss", "    goal: minimize",
            "    primary: true", "metrics: [{name: a, goal: maximize, primary: yes}]", "python: 3", "a: &a [*a]", "? [x]\n: y", "- x", "---", "...",
            "repository: |\n  x\n  y", "%YAML 1.2", "\t", "b: *a", "!!binary x", "repository: \"\\u0000\"", "repository: ~", "#").ListOf()
        select string.Join('\n', lines);

    /// <summary>An ignore file.</summary>
    public static readonly Gen<string> Ignore =
        from pieces in Gen.Elements(
            "*", "**", "/", "a", "b", "!", "[", "]", "[a-z]", "[!a]", "[z-a]", "[[:alpha:]]", "\\", "\n", "\r\n", " ", "#", "?", "*a", ".", "(", "+",
            "{", "$", "^", "日", "a*", "/**/", "**/").ListOf()
        select string.Concat(pieces);

    /// <summary>A filter or an order.</summary>
    public static readonly Gen<string> Query =
        from name in Gen.Elements("loss", "created", "status", "step", "metrics.loss", "params.'a b'", "user", "\"x", "", "a!", "command")
        from @operator in Gen.Elements("=", "==", "!=", "<", "<=", ">", ">=", " = ", "=<", "", "-desc", "-asc")
        from value in Gen.OneOf(Scalar, Json, Gen.Elements("2020-09-01", "2020-13-01", "2020-09-01T10", "9999-12-31", "0001-01-01", "running", "loss"))
        select name + @operator + value;

    /// <summary>Makes so many of a kind, the same for the same seed.</summary>
    public static IEnumerable<byte[]> Of(Gen<string> kind, long seed, int count = 500) =>
        Gen.Sample(kind, count, new Rnd((ulong)seed), 8).Select(Encoding.UTF8.GetBytes);

    private static Gen<string> JsonOf(int depth) => depth == 0 ? Scalar : Gen.OneOf(
        Scalar,
        JsonOf(depth - 1).ListOf().Select(List),
        Text.Zip(JsonOf(depth - 1)).ListOf().Select(members => $"{{{string.Join(", ", members.Select(member => $"{member.Item1}: {member.Item2}"))}}}"));

    private static Gen<string> Map() => Gen.Elements("loss", "a b", "", "\\u001b[2J", "__proto__", "<b>").Zip(Json).ListOf()
        .Select(members => $"{{{string.Join(", ", members.Select(member => $"\"{member.Item1}\": {member.Item2}"))}}}");

    private static Gen<string> Integer() => Gen.Choose(-5, 1000).Select(number => number.ToString(CultureInfo.InvariantCulture));

    private static Gen<string> Date() => Gen.Frequency(
        (30, Gen.Elements(
            "\"2020-09-01T21:42:22.123456Z\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"2020-09-01T21:42:22-11:59\"")),
        (1, Gen.Elements("\"2020-02-30T00:00:00Z\"", "\"2020-09-01T24:00:00Z\"", "\"2020-09-01\"")));

    private static Gen<string> Checkpoint() =>
        from id in Usually(Gen.Elements("\"c1\"", "\"c2\"", "\"8ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b38ee945b2f1b4d2b3\""))
        from created in Usually(Date())
        from metrics in Usually(Map())
        from step in Usually(Integer())
        from path in Usually(Text)
        from goal in Usually(Text)
        select $$"""{"id": {{id}}, "created": {{created}}, "metrics": {{metrics}}, "step": {{step}}, "path": {{path}}, "primary_metric": {"name": "loss", "goal": {{goal}} } }""";

    private static Gen<string> Extension() =>
        from status in Usually(Gen.Elements("\"completed\"", "\"failed\"", "\"interrupted\"", "\"?\""))
        from ended in Usually(Date())
        from code in Usually(Integer())
        from tags in Usually(Text.ListOf().Select(List))
        from note in Usually(Text)
        from environment in Usually(Map())
        select $$"""{"version": "1", "status": {{status}}, "exit_code": {{code}}, "ended": {{ended}}, "environment": {{environment}}, "tags": {{tags}}, "note": {{note}}}""";

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static Gen<string> Usually(Gen<string> gen) => Gen.Frequency((80, gen), (1, Json), (1, NoJson));
}
