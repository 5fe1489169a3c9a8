using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Upload;
using Google.Apis.Util;
using Newtonsoft.Json;

namespace Replicate.Adapters.Gcs;

/// <summary>What the JSON API says of an object; the names are the API's.</summary>
internal sealed class GcsObject
{
    [JsonProperty("name")]
    public string Name { get; set; } = "";

    [JsonProperty("size")]
    public long Size { get; set; }

    [JsonProperty("generation")]
    public long Generation { get; set; }

    [JsonProperty("crc32c")]
    public string? Crc32C { get; set; }

    [JsonProperty("updated")]
    public DateTimeOffset? Updated { get; set; }
}

/// <summary>A page of a listing.</summary>
internal sealed class GcsPage
{
    [JsonProperty("items")]
    public IReadOnlyList<GcsObject>? Items { get; set; }

    [JsonProperty("nextPageToken")]
    public string? NextPageToken { get; set; }
}

/// <summary>How far a copy within the server has come.</summary>
internal sealed class GcsRewrite
{
    [JsonProperty("done")]
    public bool IsDone { get; set; }

    [JsonProperty("rewriteToken")]
    public string? Token { get; set; }
}

/// <summary>Google's generic client pointed at the JSON API of Cloud Storage: the client made for it is not in the registry.</summary>
internal sealed class GcsService(Uri endpoint, GoogleCredential? credential) : BaseClientService(new Initializer
{
    BaseUri = new Uri(endpoint, Root).AbsoluteUri,
    HttpClientInitializer = credential?.CreateWithHttpClientFactory(Connections.Instance),
    HttpClientFactory = Connections.Instance,
    HttpClientTimeout = Timeout.InfiniteTimeSpan,
    ApplicationName = "Replicate",

    // Repeating is done where it is known which request may already have been carried out.
    DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
})
{
    private const string Root = "storage/v1/";

    public override string Name => "storage";

    public override string BaseUri => BaseUriOverride!;

    public override string BasePath => Root;

    public override IList<string> Features => [];

    /// <summary>The path of an object, or of all objects of a bucket, below <see cref="BaseUri"/>.</summary>
    public static string Path(string bucket, string? name) =>
        $"b/{Uri.EscapeDataString(bucket)}/o{(name is null ? "" : "/" + Uri.EscapeDataString(name))}";

    private sealed class Connections : HttpClientFactory
    {
        public static readonly Connections Instance = new();

        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false,
        };
    }
}

/// <summary>A request of the JSON API.</summary>
internal sealed class GcsRequest<T> : ClientServiceRequest<T>
{
    /// <summary>Makes a request.</summary>
    /// <param name="service">The service.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path with its query, escaped.</param>
    public GcsRequest(GcsService service, string method, string path)
        : base(service)
    {
        (HttpMethod, RestPath) = (method, path);
        InitParameters();
    }

    public override string MethodName => HttpMethod;

    public override string HttpMethod { get; }

    public override string RestPath { get; }
}

/// <summary>An upload in chunks that goes on where it broke.</summary>
internal sealed class GcsResumableUpload(GcsService service, string bucket, string name, long? generation, Stream content)
    : ResumableUpload<string, GcsObject>(service, $"/upload/{service.BasePath}{GcsService.Path(bucket, null)}", "POST", content, "application/octet-stream")
{
    [RequestParameter("name", RequestParameterType.Query)]
    public string Name { get; } = name;

    [RequestParameter("ifGenerationMatch", RequestParameterType.Query)]
    public long? IfGenerationMatch { get; } = generation;
}
