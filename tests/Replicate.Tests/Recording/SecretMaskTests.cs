using System.Collections;
using Replicate.Recording.Secrets;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class SecretMaskTests
{
    private static readonly SecretMask Mask = SecretMask.Of(new Hashtable
    {
        ["MY_TOKEN"] = "orange-juice-42",
        ["SHORT_KEY"] = "abc",
        ["REPLICATE_MASK"] = "SITE, OTHER",
        ["SITE"] = "hidden-site",
        ["HOME"] = "/home/someone",
    });

    [Theory]
    [InlineData("python train.py --api-key x --lr 0.1", "python train.py --api-key *** --lr 0.1")]
    [InlineData("train --api-key=x --password 'a b' -v", "train --api-key=*** --password *** -v")]
    [InlineData("password=hunter2 user=ben", "password=*** user=ben")]
    [InlineData("DB_PASSWORD=hunter2 python train.py", "DB_PASSWORD=*** python train.py")]
    [InlineData("Server=x;Password=secret1;Db=y", "Server=x;Password=***;Db=y")]
    [InlineData("curl -H 'Authorization: Bearer abcdef123456'", "curl -H 'Authorization: Bearer ***'")]
    [InlineData("git clone https://ben:s3cr3t@host/x", "git clone https://ben:***@host/x")]
    [InlineData("use ghp_0123456789abcdefghij0123456789abcdef now", "use *** now")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "***")]
    [InlineData("hf_abcdefghijklmnopqrstuvwxyzabcdefgh", "***")]
    [InlineData("x orange-juice-42 y abc hidden-site", "x *** y abc ***")]
    [InlineData("--max-tokens 5 --tokenizer bert --pad_token x --keyframe 3", "--max-tokens 5 --tokenizer bert --pad_token x --keyframe 3")]
    [InlineData("python train.py --learning_rate=0.01 /home/someone/data", "python train.py --learning_rate=0.01 /home/someone/data")]
    public void What_looks_like_a_secret_is_replaced(string text, string expected) => Assert.Equal(expected, Mask.Apply(text));

    [Fact]
    public void Params_are_masked_by_name_and_by_value()
    {
        var values = Value.MapFrom(new Hashtable
        {
            ["api_key"] = 12345678,
            ["hf.token"] = "x",
            ["eos_token"] = "</s>",
            ["lr"] = 0.1,
            ["nested"] = new Hashtable { ["password"] = "x", ["list"] = new[] { "orange-juice-42" } },
        });

        Assert.Equal(
            """api_key=***, eos_token=</s>, hf.token=***, lr=0.1, nested={"list":["***"],"password":"***"}""",
            Mask.Apply(values).ToString());
    }

    [Fact]
    public void Arguments_behind_a_flag_are_masked_whole() => Assert.Equal(
        ["--password", "***", "--x", "my secret is safe", "--token=***"],
        Mask.Apply(["--password", "a b;c", "--x", "my secret is safe", "--token=abc"]));

    [Fact]
    public async Task No_secret_is_recorded_with_an_experiment()
    {
        using var project = new TestProject();
        var created = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions
            {
                Command = "train.py --api-key topsecret", Params = new Hashtable { ["api_key"] = "topsecret" }, Heartbeat = HeartbeatMode.None,
            },
            cancellationToken: TestContext.Current.CancellationToken);
        await created.StopAsync(ExperimentStatus.Failed, 1, "password=topsecret", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("train.py --api-key ***", "***", "password=***"), (created.Command, created.Params["api_key"], created.ErrorOutput));
        Assert.DoesNotContain(
            project.RepositoryFiles(), file => File.ReadAllText(Path.Combine(project.RepositoryPath, file)).Contains("topsecret", StringComparison.Ordinal));
    }
}
