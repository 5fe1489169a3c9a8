using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Replicate.Adapters;
using Replicate.Adapters.Azure;
using Replicate.Tests.Storage.S3;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.Azure;

/// <summary>What the environment of a process says is taken, in a process with an environment of its own.</summary>
public class AzureEnvironmentTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string NewUrl => $"az://tester/{S3TestStore.NewBucket()}/root";

    [Theory]
    [InlineData("AccountName=tester;AccountKey={1};BlobEndpoint={0}/tester")]
    [InlineData("accountname=tester;BLOBENDPOINT={0}/tester/;SharedAccessSignature={2};")]
    [InlineData("BlobEndpoint={0}/tester;SharedAccessSignature=?{2}")]
    public async Task A_connection_string_says_where_and_who(string form)
    {
        var settings = await servers.AzuriteAsync();
        var account = new BlobServiceClient(new Uri(settings.Endpoint + "/tester"), new global::Azure.Storage.StorageSharedKeyCredential("tester", settings.Key));
        var signature = account.GenerateAccountSasUri(
            AccountSasPermissions.All, DateTimeOffset.UtcNow.AddHours(1), AccountSasResourceTypes.All).Query.TrimStart('?');

        await AssertWorksAsync(NewUrl, ("AZURE_STORAGE_CONNECTION_STRING", string.Format(null, form, settings.Endpoint, settings.Key, signature)));
        await AssertWorksAsync(NewUrl, ("AZURE_STORAGE_BLOB_ENDPOINT", settings.Endpoint!), ("AZURE_STORAGE_SAS_TOKEN", signature));
    }

    [Theory]
    [InlineData("az login")]
    [InlineData("managed identity")]
    public async Task Who_is_signed_in_needs_no_key(string way)
    {
        Needs.Azurite.Require();
        using var directory = new TemporaryDirectory();
        var (certificate, key) = WriteCertificate(directory);
        using var server = await ServerProcess.StartAsync(
            "node", (data, port) => ["azurite.js", data, $"{port}", "--oauth", "basic", "--cert", certificate, "--key", key]);
        var token = NewToken();
        var expiry = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        directory.Write("bin/az", $"#!/bin/sh\necho \"$*\" >> '{directory.Combine("asked")}'\necho '{{\"accessToken\":\"{token}\",\"expires_on\":{expiry}}}'\n");
        MakeProgram(directory.Combine("bin", "az"));
        using var identity = new HttpListener();
        var identityUrl = $"http://127.0.0.1:{new Uri(server.Url).Port + 1}/";
        identity.Prefixes.Add(identityUrl);
        identity.Start();
        _ = AnswerAsync(identity, $"{{\"access_token\":\"{token}\",\"expires_on\":\"{expiry}\",\"resource\":\"https://storage.azure.com\",\"token_type\":\"Bearer\"}}");

        await AssertWorksAsync(
            NewUrl, ("AZURE_STORAGE_BLOB_ENDPOINT", server.Url.Replace("http:", "https:")), ("SSL_CERT_FILE", certificate), ("HOME", directory.Path),
            way == "az login" ? ("PATH", $"{directory.Combine("bin")}:/usr/bin:/bin") : ("IDENTITY_ENDPOINT", identityUrl), ("IDENTITY_HEADER", "hush"));

        if (way == "az login")
        {
            // It takes a second each time, so that it is asked once.
            Assert.Contains("--resource https://storage.azure.com", Assert.Single(await File.ReadAllLinesAsync(directory.Combine("asked"), Token)));
        }
    }

    [Fact]
    public async Task Who_is_signed_in_in_the_program_around_is_asked_first()
    {
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        var asked = new List<string>();
        HostSignIn.Find = (resource, _) =>
        {
            asked.Add(resource);
            return Task.FromResult<HostToken?>(new HostToken("token", expires));
        };
        try
        {
            using var token = new AzureToken(new AzureSignIn());
            Assert.Equal("token", (await token.GetTokenAsync(AzureToken.Storage, Token)).Token);
            Assert.Equal("token", (await token.GetTokenAsync(AzureToken.Storage, Token)).Token);
        }
        finally
        {
            HostSignIn.Find = null;
        }

        Assert.Equal(["https://storage.azure.com/"], asked);
    }

    [Fact]
    public async Task Without_credentials_there_is_one_error_soon()
    {
        using var directory = new TemporaryDirectory();
        var clock = Stopwatch.StartNew();

        using var command = new ChildProcess(
            ["ls", "-R", "az://iris/data"],
            [("HOME", directory.Path), ("PATH", directory.Path), ("AZURE_STORAGE_BLOB_ENDPOINT", "https://127.0.0.1:9")], "Replicate.Cli.dll");
        var (exitCode, _, errors) = await command.WaitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("There are no credentials for the container 'data' of the storage account 'iris'", errors);
        Assert.Contains("az login", errors);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    private static void MakeProgram(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static async Task AssertWorksAsync(string url, params (string Name, string Value)[] variables)
    {
        var (exitCode, _, errors) = await ChildProcess.RunAsync(["large", url, "1000"], variables);
        Assert.True(exitCode == 0, errors);
    }

    private static async Task AnswerAsync(HttpListener listener, string text)
    {
        while (true)
        {
            var context = await listener.GetContextAsync();
            context.Response.ContentType = "application/json";
            context.Response.Close(Encoding.UTF8.GetBytes(text), willBlock: false);
        }
    }

    /// <summary>A token as the service expects one; Azurite does not look at its signature.</summary>
    private static string NewToken()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string[] parts =
        [
            """{"alg":"RS256","typ":"JWT"}""",
            $$"""{"aud":"https://storage.azure.com","iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000000/","iat":{{now}},"nbf":{{now - 60}},"exp":{{now + 3600}}}""",
            "unsigned",
        ];
        return string.Join('.', parts.Select(part => Convert.ToBase64String(Encoding.UTF8.GetBytes(part)).TrimEnd('=').Replace('+', '-').Replace('/', '_')));
    }

    private static (string Certificate, string Key) WriteCertificate(TemporaryDirectory directory)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (directory.Write("certificate.pem", certificate.ExportCertificatePem()), directory.Write("key.pem", key.ExportPkcs8PrivateKeyPem()));
    }
}
