namespace Replicate.Recording.Secrets;

/// <summary>How sure a name says that its value is a secret.</summary>
internal enum NameKind
{
    /// <summary>It says nothing.</summary>
    Plain,

    /// <summary>The value is a secret where it looks like one: <c>token</c>, <c>auth</c>.</summary>
    Likely,

    /// <summary>The value is a secret: <c>password</c>, <c>api_key</c>.</summary>
    Secret,

    /// <summary>What follows on the line is a header's secret: <c>Authorization</c>.</summary>
    Header,
}

/// <summary>Tells the names of secrets, by their last words, from those of hyperparameters such as <c>pad_token</c>.</summary>
internal static class SecretNames
{
    // Longer names are told by their end.
    private const int MaxLength = 64;

    private static readonly HashSet<string> Secret = new(StringComparer.Ordinal)
    {
        "password", "passwords", "passwd", "passphrase", "passcode", "pwd", "secret", "secrets", "apikey", "apikeys", "secretkey", "accesskey", "accesskeyid",
        "privatekey", "accountkey", "authkey", "sharedaccesskey", "sharedaccesssignature", "clientsecret", "connectionstring", "connstring", "connstr", "authtoken",
        "accesstoken", "apitoken", "refreshtoken", "sessiontoken", "bearertoken", "securitytoken", "sastoken", "webhookurl", "slackwebhook", "encryptionkey", "signingkey",
        "dbpass", "sshpass", "userpass", "mysqlpwd", "pgpassword", "pgpass",
    };

    private static readonly string[] SecretEnds = ["password", "passwd", "passphrase", "apikey", "secretkey", "accesskey", "clientsecret"];

    private static readonly HashSet<string> Likely = new(StringComparer.Ordinal)
    {
        "credential", "credentials", "creds", "auth", "pat", "jwt", "sas", "bearer",
    };

    private static readonly HashSet<string> Headers = new(StringComparer.Ordinal) { "authorization", "proxyauthorization", "cookie", "setcookie" };

    // What a key opens; the key of a sort, a cache or a column is none.
    private static readonly HashSet<string> KeyOwners = new(StringComparer.Ordinal)
    {
        "api", "access", "account", "secret", "private", "auth", "authentication", "app", "application", "client", "consumer", "customer", "signing", "encryption", "shared", "master",
        "service", "subscription", "storage", "license", "deploy", "wandb", "openai", "anthropic", "azure", "aws", "gcp", "google", "hf", "huggingface", "comet",
        "neptune", "datadog", "dd", "functions", "function", "webhook", "ssh", "rsa", "host", "admin", "root", "user", "cohere", "mistral", "groq", "pinecone", "stripe", "twilio",
        "sendgrid", "mailgun", "kaggle", "replicate", "nvidia", "ngc", "deepseek", "openrouter", "langsmith", "langchain", "serpapi", "tavily", "clearml", "mlflow", "lambda", "runpod",
    };

    private static readonly HashSet<string> PassOwners = new(StringComparer.Ordinal)
    {
        "db", "user", "smtp", "ssh", "mysql", "pg", "postgres", "redis", "mongo", "mail", "email", "admin", "root", "login", "ftp", "http", "https", "proxy", "basic", "auth", "ldap",
        "wifi", "keystore", "sudo", "git", "registry", "docker", "database", "sql", "ssl", "key", "cert",
    };

    // The tokens of a tokenizer, and of what counts them.
    private static readonly HashSet<string> TextTokens = new(StringComparer.Ordinal)
    {
        "bos", "eos", "pad", "unk", "sep", "cls", "mask", "start", "end", "special", "stop", "begin", "boi", "eoi", "bot", "eot", "eom", "image", "img", "audio", "video", "speech", "vision",
        "ignore", "new", "num", "n", "max", "min", "per", "each", "every", "prompt", "input", "output", "next", "last", "first", "prev", "previous", "decoder", "encoder", "forced",
        "placeholder", "initializer", "instance", "class", "trigger", "unexpected", "invalid", "unknown", "current", "target", "source", "src", "tgt", "lang", "language", "word", "char", "byte",
        "text", "think", "thinking", "tool", "system", "assistant", "user", "blank", "dummy", "fill", "suppress", "bad", "patch", "latent", "visual", "additional", "extra", "tokens", "draft", "hidden",
        "sink", "register", "global", "separator", "padding", "masked", "sot", "sop", "eop", "gmask", "total", "avg", "mean", "one", "single", "cost", "price", "ms", "seconds", "time", "loss", "by", "of", "the", "a", "an", "this",
        "soft", "learned", "memory", "query", "key", "value", "cross", "self", "nl", "newline", "space", "unigram", "bpe", "sample", "generated", "row", "column",
    };

    private static readonly HashSet<string> CredentialTokens = new(StringComparer.Ordinal)
    {
        "auth", "access", "api", "refresh", "session", "bearer", "secret", "security", "sas", "oauth", "github", "gh", "gitlab", "hf", "huggingface", "hub", "personal", "private", "bot",
        "wandb", "slack", "npm", "pypi", "azure", "devops", "deploy", "service", "aws", "gcp", "google", "csrf", "xsrf", "id", "login", "registry", "replicate", "vault", "job", "ci", "sentry",
    };

    /// <summary>What a name says of its value.</summary>
    /// <param name="name">A name as it stands in a text: <c>--api-key</c>, <c>model.hub.accessToken</c>.</param>
    internal static NameKind KindOf(ReadOnlySpan<char> name)
    {
        name = name.Length > MaxLength ? name[^MaxLength..] : name;
        var words = Words(name);
        if (words.Count == 0)
        {
            return NameKind.Plain;
        }

        var last = words[^1];
        var before = words.Count > 1 ? words[^2] : "";
        var pair = before + last;
        if (Secret.Contains(last) || Secret.Contains(pair) || (words.Count > 2 && Secret.Contains(words[^3] + pair)) || Array.Exists(SecretEnds, last.EndsWith))
        {
            return NameKind.Secret;
        }

        if (Headers.Contains(last) || Headers.Contains(pair))
        {
            return NameKind.Header;
        }

        return last switch
        {
            "token" => TextTokens.Contains(before) && !CredentialTokens.Contains(before) ? NameKind.Plain
                : before.Length == 0 ? NameKind.Likely
                : CredentialTokens.Contains(before) ? NameKind.Secret
                : NameKind.Likely,
            "key" => KeyOwners.Contains(before) ? NameKind.Secret : NameKind.Plain,
            "pass" => PassOwners.Contains(before) || name is ['-', ..] || words.Count == 1 ? NameKind.Likely : NameKind.Plain,
            "webhook" => NameKind.Likely,
            _ => Likely.Contains(last) ? NameKind.Likely : NameKind.Plain,
        };
    }

    /// <summary>The words of a name in lower case: <c>DB_PasswordHash</c> is <c>db password hash</c>.</summary>
    private static List<string> Words(ReadOnlySpan<char> name)
    {
        var words = new List<string>(4);
        Span<char> word = stackalloc char[MaxLength];
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var isNew = char.IsUpper(c) && i > 0
                && (char.IsLower(name[i - 1]) || char.IsDigit(name[i - 1]) || (i + 1 < name.Length && char.IsUpper(name[i - 1]) && char.IsLower(name[i + 1])));
            if ((isNew || !char.IsLetterOrDigit(c)) && length > 0)
            {
                words.Add(word[..length].ToString());
                length = 0;
            }

            if (char.IsLetterOrDigit(c))
            {
                word[length++] = char.ToLowerInvariant(c);
            }
        }

        if (length > 0)
        {
            words.Add(word[..length].ToString());
        }

        return words;
    }
}
