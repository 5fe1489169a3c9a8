using System.Collections;
using System.Text;
using System.Text.Json;
using Replicate.Recording.Secrets;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

/// <summary>Secrets of many kinds are in nothing that is recorded, and what is none stays whole.</summary>
public class RecordedSecretsTests
{
    private const int OfEachKind = 5;
    private const int Harmless = 5000;

    private static readonly SecretMask Mask = SecretMask.Of(new Hashtable());

    public static TheoryData<string> Kinds => [.. PlantedSecrets.KindNames];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_masked(string kind)
    {
        foreach (var (_, text, secret) in PlantedSecrets.All(OfEachKind).Where(planted => planted.Kind == kind))
        {
            Assert.DoesNotContain(secret, Mask.Apply(text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_secret_stays_whole()
    {
        var found = new List<string>();
        var harmed = HarmlessTexts.All(Harmless).Where(text => Mask.Apply(text, found) != text)
            .Select(text => $"{text} -> {Mask.Apply(text)}").Take(10);
        Assert.Equal([], harmed);
        Assert.Equal([], found);
    }

    [Fact]
    public async Task No_channel_records_a_secret()
    {
        using var project = new TestProject();
        var token = TestContext.Current.CancellationToken;
        var planted = PlantedSecrets.All(OfEachKind).ToArray();
        Assert.True(planted.Length >= 200 && planted.DistinctBy(one => one.Kind).Count() >= 40);
        project.Directory.Write(".git/HEAD", "ref: refs/heads/fix-" + planted.First(one => one.Kind == "github").Secret + "\n");
        var texts = planted.Select(one => one.Text).ToArray();
        var warnings = new Warnings();
        using var log = Log.SendTo(warnings);
        var created = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions
            {
                Command = string.Join("\n", texts),
                Params = new Hashtable { ["texts"] = texts, ["nested"] = new Hashtable { ["more"] = new Hashtable { ["all"] = texts } } },
                Note = string.Join("\n", texts),
                Tags = texts.Select(text => text.Replace(",", " ", StringComparison.Ordinal)),
                Host = string.Join("\n", texts),
                User = string.Join("\n", texts),
                Environment = new Hashtable { ["variables"] = texts, ["modules"] = new Hashtable { ["x"] = texts } },
                Heartbeat = HeartbeatMode.None,
            },
            cancellationToken: token);
        await created.CheckpointAsync(
            new CheckpointOptions { Metrics = new Hashtable { ["text"] = string.Join("\n", texts), ["list"] = texts, ["loss"] = 0.5 } }, cancellationToken: token);
        await created.StopAsync(ExperimentStatus.Failed, 1, string.Join("\n", texts), cancellationToken: token);
        await created.SetAsync(texts.Select(text => text.Replace(",", " ", StringComparison.Ordinal)), string.Join("\n", texts), token);

        var bytes = string.Concat(project.RepositoryFiles().Select(file => File.ReadAllText(Path.Combine(project.RepositoryPath, file))));
        Assert.Contains(SecretMask.Mask, bytes, StringComparison.Ordinal);
        Assert.Equal([], planted.Where(one => In(bytes, one.Secret)).Select(one => $"{one.Kind}: {one.Text}"));
        Assert.Equal([], planted.Where(one => warnings.All.Any(warning => warning.Contains(one.Secret, StringComparison.Ordinal))).Select(one => one.Kind));
    }

    [Fact]
    public async Task A_warning_names_what_was_masked()
    {
        using var project = new TestProject();
        var warnings = new Warnings();
        using var log = Log.SendTo(warnings);
        await project.Project.Experiments.CreateAsync(
            new ExperimentOptions
            {
                Command = "train.py --db-password Xyzzy12345 --lr 0.1", Params = new Hashtable { ["hub_token"] = "Plugh98765", ["n_token"] = 512 },
                Heartbeat = HeartbeatMode.None,
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("What looks like a secret is recorded as ***: '--db-password', 'hub_token'.", Assert.Single(warnings.All));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("token=/")]
    [InlineData("password=")]
    [InlineData("eyJ-")]
    [InlineData("sk-")]
    [InlineData("://")]
    [InlineData("token: [")]
    [InlineData("token='")]
    [InlineData("-----BEGIN ")]
    [InlineData("login machine password ")]
    [InlineData("mysql -p ")]
    [InlineData("\"token\":\\\"")]
    [InlineData("0.12345 ")]
    public void A_long_line_is_read_once(string part)
    {
        // Time that grows with the square of the length would not end here.
        var text = new StringBuilder().Insert(0, part, 3_000_000 / part.Length).Append(" loss=0.5 password=Hunter2x").ToString();
        Assert.DoesNotContain("Hunter2x", Mask.Apply(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_the_environment_are_masked_in_any_form_and_data_is_not()
    {
        var mask = SecretMask.Of(new Hashtable
        {
            ["MY_PASSWORD"] = "it's \"quoted\"/1",
            ["DEPLOY_KEY_PEM"] = "-----BEGIN X-----\nTm90IGEgcmVhbCBrZXksIGJ1dA==\n-----END X-----",
            ["DATABASE_URL"] = "postgres://ben:quick-brown-fox@db/x",
            ["KEY_FILE"] = "/home/ben/keys/id_rsa",
            ["TOKENIZERS_PARALLELISM"] = "disabled-by-user",
            ["SECRET_SEED"] = "1234567890",
            ["REPLICATE_MASK"] = "CODE",
            ["CODE"] = "fox-7",
        });

        Assert.Equal(
            "x *** y *** z *** *** *** *** ***",
            mask.Apply("x it's \"quoted\"/1 y it's \\\"quoted\\\"/1 z it%27s%20%22quoted%22%2F1 it'\\''s \"quoted\"/1 Tm90IGEgcmVhbCBrZXksIGJ1dA== quick-brown-fox fox-7"));
        const string Data = "/home/ben/keys/id_rsa disabled-by-user 1234567890 postgres://db/x";
        Assert.Equal(Data, mask.Apply(Data));
    }

    private static bool In(string json, string secret) =>
        json.Contains(secret, StringComparison.Ordinal) || json.Contains(JsonEncodedText.Encode(secret).ToString(), StringComparison.Ordinal);

    private sealed class Warnings : ILogSink
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> All { get; } = [];

        public void Warn(string message) => All.Enqueue(message);

        public void Verbose(string message)
        {
        }
    }
}
