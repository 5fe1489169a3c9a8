using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class CredentialFileTests
{
    private const string Key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

    [Theory]
    [InlineData(".env", "A=1")]
    [InlineData("sub/.env.production", "A=1")]
    [InlineData("deploy/id_rsa", "key")]
    [InlineData("id_ed25519", "key")]
    [InlineData(".aws/credentials", "[default]")]
    [InlineData("home/.docker/config.json", "{}")]
    [InlineData(".kube/config", "apiVersion: v1")]
    [InlineData("kubeconfig", "apiVersion: v1")]
    [InlineData(".netrc", "machine a")]
    [InlineData(".git-credentials", "https://u:p@h")]
    [InlineData(".npmrc", "//registry.npmjs.org/:_authToken=x")]
    [InlineData(".pypirc", "[pypi]\npassword = x")]
    [InlineData("nuget.config", "<add key=\"ClearTextPassword\" value=\"x\" />")]
    [InlineData("kaggle.json", "{}")]
    [InlineData("cert.pfx", "x")]
    [InlineData("tls/server.pem", "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----")]
    [InlineData("tls/server.key", "-----BEGIN PRIVATE KEY-----\nMII")]
    [InlineData("deploy_key", Key)]
    [InlineData("my-project-1234.json", """{"type": "service_account", "private_key": "x"}""")]
    [InlineData("adc.json", """{"client_secret": "x", "refresh_token": "y", "type": "authorized_user"}""")]
    public void A_file_that_looks_like_credentials_is_left_out_and_named(string path, string content)
    {
        using var project = new TemporaryDirectory();
        project.Write(path, content);
        project.Write("train.py", "1");
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            Assert.Equal(["train.py"], Archive.Select(project).Select(file => file.Path));
            Assert.Equal(path, Assert.Single(Archive.Select(project, path)).Path);
        }

        Assert.Contains($"'{path}'", Assert.Single(warnings.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".env.example", "A=")]
    [InlineData(".env.local.template", "A=")]
    [InlineData("env", "A=1")]
    [InlineData("environment.yml", "name: x")]
    [InlineData("id_rsa.pub", "ssh-rsa AAAA")]
    [InlineData("credentials.py", "def load(): pass")]
    [InlineData("ca.pem", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----")]
    [InlineData("public.key", "-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----")]
    [InlineData("answer.key", "1 a\n2 b")]
    [InlineData(".npmrc", "registry=https://registry.example.com/")]
    [InlineData("config.json", "{}")]
    [InlineData("tokens.json", """{"service": "account"}""")]
    [InlineData("aws/credentials.md", "how to")]
    [InlineData("tokenizer.json", """{"type": "BPE"}""")]
    public void What_only_sounds_like_it_is_saved(string path, string content)
    {
        using var project = new TemporaryDirectory();
        project.Write(path, content);
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            Assert.Equal([path], Archive.Select(project).Select(file => file.Path));
        }

        Assert.Empty(warnings.Warnings);
    }

    [Fact]
    public void Several_are_one_warning_that_says_what_to_do()
    {
        using var project = new TemporaryDirectory();
        project.Write(".env", "A=1");
        project.Write("a/.netrc", "1");
        project.Write("b/key.pem", Key);
        project.Write("train.py", "1");
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            Assert.Equal(["train.py"], Archive.Select(project).Select(file => file.Path));
        }

        Assert.Equal(
            "Not saved, because they look like files of credentials: '.env', 'a/.netrc', 'b/key.pem'. To save them all the same, name the file "
            + "itself as the path to save, or write '!.env' into .replicateignore.",
            Assert.Single(warnings.Warnings));
    }

    [Fact]
    public void A_rule_includes_them()
    {
        using var project = new TemporaryDirectory();
        project.Write(".replicateignore", "!.env\n!keys/**\nsub/\n");
        project.Write(".env", "A=1");
        project.Write("a/.env", "A=1");
        project.Write("keys/id_rsa", "1");
        project.Write("sub/.env", "1");
        project.Write("id_rsa", "1");

        Assert.Equal([".env", ".replicateignore", "a/.env", "keys/id_rsa"], Archive.Select(project).Select(file => file.Path));
    }

    [Fact]
    public void Links_do_not_lead_to_them()
    {
        Archive.SkipOnWindows("Links need a right there.");
        using var project = new TemporaryDirectory();
        using var home = new TemporaryDirectory();
        home.Write("id_ed25519", "1");
        project.Write(".env", "1");
        project.Write("train.py", "1");
        File.CreateSymbolicLink(project.Combine("outside"), home.Combine("id_ed25519"));
        File.CreateSymbolicLink(project.Combine("inside"), ".env");
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            Assert.Equal(["train.py"], Archive.Select(project).Select(file => file.Path));
        }

        Assert.Contains("'.env', 'inside', 'outside'", Assert.Single(warnings.Warnings), StringComparison.Ordinal);
    }
}
