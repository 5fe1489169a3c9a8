namespace Replicate.Recording.Secrets;

/// <summary>
/// Finds the secrets in the arguments of programs whose options have a letter only: <c>mysql -psecret</c>,
/// <c>docker login -p secret</c>, <c>curl -u user:secret</c>. It follows one command line after the other.
/// </summary>
internal sealed class ProgramArguments
{
    private const int MaxName = 24;

    // How long an entry of netrc is.
    private const int MaxEntry = 400;

    private static readonly Form[] Forms =
    [
        new("-p", Place.Attached, "mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlsh", "mariadb", "mariadb-dump", "7z", "7za", "7zr", "rar", "unrar"),
        new("-p", Place.Next, "sshpass", "mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "twine", "rabbitmqadmin", "cqlsh", "vsql"),
        new("-p", Place.Attached, "sshpass", "mongo", "mongosh"),
        new("-p", Place.Next, "docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "az", "oc", "crane", "cf", "argocd", "vsts", "npm") { After = "login" },
        new("-a", Place.Next, "redis-cli", "redis-benchmark"),
        new("-P", Place.Next, "sqlcmd", "bcp", "osql", "isql", "unzip", "zip", "zipcloak", "mosquitto_pub", "mosquitto_sub", "tsql"),
        new("-P", Place.Attached, "sqlcmd", "bcp", "unzip", "zip", "tsql"),
        new("-w", Place.Next, "ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldapwhoami", "ldappasswd"),
        new("-k", Place.Next, "openssl"),
        new("-u", Place.User, "curl", "wget", "lftp", "ncftp"),
        new("--user", Place.User, "curl"),
        new("--proxy-user", Place.User, "curl"),
        new("-U", Place.User, "smbclient", "rpcclient", "smbmap", "curl"),
        new("-a", Place.User, "http", "https", "xh", "ab"),
        new("-A", Place.User, "ab"),
        new("--auth", Place.User, "http", "https", "xh"),
        new("login", Place.Next, "wandb", "comet", "neptune", "clearml", "swanlab", "huggingface-cli"),
    ];

    private static readonly HashSet<string> Programs = Forms.SelectMany(form => form.Programs).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _words = new(StringComparer.OrdinalIgnoreCase);
    private string? _program;
    private Form[] _forms = [];
    private bool _isMachine;

    /// <summary>A character outside of words; some end a command line.</summary>
    internal void Separate(char c)
    {
        if (c is '\n' or ';' or '|' or '&' && (_program is not null || _words.Count > 0))
        {
            _program = null;
            _words.Clear();
        }
    }

    /// <summary>Reads the next word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the word begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>The secret in or behind it, and the option's name; null for none.</returns>
    internal (int Start, int End, string Name)? Read(string text, int start, int end)
    {
        if (end - start > MaxName && text[start] != '-')
        {
            return null;
        }

        var word = text.AsSpan(start, end - start);
        if (IsNetrc(word, text, end) is { } netrc)
        {
            return netrc;
        }

        if (_program is null)
        {
            var name = word.EndsWith(".exe") ? word[..^4] : word;
            _program = Programs.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known) ? known : null;
            _forms = _program is null ? [] : Array.FindAll(Forms, form => form.Programs.Contains(_program, StringComparer.OrdinalIgnoreCase));
            return null;
        }

        if (_program == "openssl" && word is "pass" or "-pass" && end < text.Length && text[end] == ':')
        {
            return (end + 1, SecretValue.End(text, end + 1, isUrl: false), "pass");
        }

        foreach (var form in _forms)
        {
            if ((form.After is null || _words.Contains(form.After)) && form.In(text, start, end) is { } secret)
            {
                return secret;
            }
        }

        if (word.SequenceEqual("login"))
        {
            _words.Add("login");
        }

        return null;
    }

    /// <summary>The form of netrc: <c>machine host login user password secret</c>.</summary>
    private (int Start, int End, string Name)? IsNetrc(ReadOnlySpan<char> word, string text, int end)
    {
        if (word.SequenceEqual("machine"))
        {
            _isMachine = true;
        }
        else if (_isMachine && word.SequenceEqual("password") && end + 1 < text.Length && char.IsWhiteSpace(text[end]))
        {
            _isMachine = false;
            var start = end + 1;
            return SecretValue.End(text, start, isUrl: false) is var last && last > start && text.AsSpan(Math.Max(0, start - MaxEntry), Math.Min(start, MaxEntry)).Contains("login ", StringComparison.Ordinal)
                ? (start, last, "password")
                : null;
        }

        return null;
    }

    private enum Place
    {
        Next, Attached, User,
    }

    /// <param name="Option">The option, or the word, before the secret.</param>
    /// <param name="Place">Where the secret is.</param>
    /// <param name="Programs">The programs that take it.</param>
    private sealed record Form(string Option, Place Place, params string[] Programs)
    {
        /// <summary>A word that comes before; null for none.</summary>
        internal string? After { get; init; }

        internal (int Start, int End, string Name)? In(string text, int start, int end)
        {
            var word = text.AsSpan(start, end - start);
            if (Place == Place.Attached)
            {
                return !word.StartsWith(Option) ? null
                    : ValueAt(text, start + Option.Length) is var (attached, attachedEnd) && attachedEnd > attached ? (attached, attachedEnd, Option)
                    : null;
            }

            if (!word.SequenceEqual(Option) || end >= text.Length || text[end] is not (' ' or '\t' or '='))
            {
                return null;
            }

            var (first, last) = ValueAt(text, end + 1);
            if (Place == Place.User)
            {
                var separator = text.AsSpan(first, last - first).IndexOfAny(":%,");
                first = separator < 0 ? last : first + separator + 1;
            }

            return last <= first || text[first] == '-' || text.AsSpan(first, last - first).SequenceEqual(SecretMask.Mask) || (Option == "login" && last - first < 16)
                ? null
                : (first, last, Option);
        }

        private static (int Start, int End) ValueAt(string text, int start) =>
            start < text.Length && !char.IsWhiteSpace(text[start]) && SecretValue.At(text, start, isLongest: false) is var (first, last, _) ? (first, last) : (start, start);
    }
}
